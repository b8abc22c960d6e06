// Proves what a graph means without looking at its weights: names, order of execution, shapes, and that every
// constant has exactly the bytes its op will read. Shapes are inferred with a batch of 1.
import { LoadError, type PlanCode } from "../graph/errors.ts";
import { atBatch, countBytes, type Graph, type Value } from "../graph/graph.ts";
import type { Type } from "../ops/op.ts";
import { spell } from "../ops/require.ts";
import { countStoredBytes } from "../ops/stored.ts";
import { inferNode } from "../ops/table.ts";
import { listConstants } from "./constants.ts";

const MAX_RANK = 8;
/** All that 32-bit addresses reach. */
const MAX_BYTES = 2 ** 32;
/** Letters; arbitrary, and more than exporters make. */
const MAX_NAME = 1024;
const MAX_SENTENCE = 300;
/** What a node makes. */
const MADE = "output";

function demand(isRight: unknown, sentence: string, node?: string): asserts isRight {
  if (!isRight) throw new LoadError("invalid", sentence, node);
}

/** Throw LoadError unless the graph can be executed in the order it is written. */
export function checkGraph(graph: Graph): void {
  const { values, nodes } = graph;
  const types = values.map(({ type, shape }): Type => ({ type, shape: atBatch(shape, 1) }));
  /** What each value is, as far as it exists by then. */
  const origins: (string | undefined)[] = [];

  const label = (index: number) => `value ${index}${values[index] ? ` "${values[index].name}"` : ""}`;
  const define = (index: number, origin: string, node?: string): void => {
    demand(values[index], `${origin} is value ${index} but there are only ${values.length}`, node);
    demand(!origins[index], `${label(index)} is defined twice, again as ${origin}`, node);
    origins[index] = origin;
  };

  checkNames("value", values);
  checkNames("node", nodes);
  values.forEach((value, index) => {
    checkShape(value);
    if (value.constant) define(index, "constant");
  });
  for (const index of graph.inputs) define(index, "graph input");

  for (const node of nodes) {
    const { name, op, inputs, outputs } = node;
    const needed = inputs.map((index) => {
      demand(origins[index], `its input, ${label(index)}, does not exist yet; nodes must be in execution order`, name);
      return types[index] as Type;
    });
    demand(outputs.length === 1, `${op} makes 1 output but the file lists ${outputs.length}`, name);
    const [output] = outputs as [number];
    define(output, MADE, name);
    const made = spellType(inferNode(node, needed, refuse));
    const listed = spellType(types[output] as Type);
    demand(made === listed, `its output is ${made} but the file says ${listed}`, name);
  }

  demand(graph.outputs.length > 0, "the graph has no outputs");
  for (const index of graph.outputs) {
    demand(origins[index] === MADE, `graph output ${label(index)} is not made by a node, or is listed twice`);
    origins[index] = "graph output";
  }
  values.forEach((_, index) => {
    demand(origins[index], `${label(index)} is no input, no constant, and not made by a node`);
  });
  for (const constant of listConstants(graph)) {
    const needed = countStoredBytes(constant);
    demand(constant.data.bytes === needed, `${constant.name} has ${constant.data.bytes} bytes but must have ${needed}`, constant.node);
  }
}

/** Turn what an op refuses into what is wrong with the file. */
function refuse(code: PlanCode, sentence: string, node: string): LoadError {
  // A hostile attribute can be a million numbers long, and the sentence with it.
  return new LoadError(code === "shape" || code === "type" ? "invalid" : code, sentence.slice(0, MAX_SENTENCE), node);
}

function spellType({ type, shape }: Type): string {
  return `${type} ${spell(shape.slice(0, MAX_RANK + 1))}`;
}

function checkNames(what: string, things: readonly { name: string }[]): void {
  const names = new Set<string>();
  for (const { name } of things) {
    const isRight = name.length > 0 && name.length <= MAX_NAME && !names.has(name);
    demand(isRight, `${what} name "${name.slice(0, MAX_NAME)}" is empty, used twice, or longer than ${MAX_NAME} letters`);
    names.add(name);
  }
}

function checkShape({ name, type, shape, constant }: Value): void {
  const need = (isRight: boolean, what: string) => demand(isRight, `value "${name}" is ${spellType({ type, shape })}; ${what}`);
  const isBits = type === "bits";
  need(shape.length > (isBits ? 1 : 0) && shape.length <= MAX_RANK, `it must have 1 to ${MAX_RANK} dimensions, bits at least 2`);
  const isKnown = shape.every((dim, i) => dim > 0 || (dim === -1 && i === 0 && !constant));
  need(isKnown, "dimensions must be positive; -1 is for the batch only");
  need(countBytes({ type, shape: atBatch(shape, 1) }) <= MAX_BYTES, `more than ${MAX_BYTES} bytes cannot be addressed`);
}
