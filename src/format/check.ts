// Proves what a graph means without looking at its weights: names, order of execution, shapes, and that every
// constant has exactly the bytes its op will read. Shapes are inferred with a batch of 1.
import { LoadError, PlanError } from "../graph/errors.ts";
import { countBytes, countElements, type Graph, type Node, type Shape, type Value } from "../graph/graph.ts";
import type { Type } from "../ops/op.ts";
import { spell } from "../ops/require.ts";
import { countStoredBytes } from "../ops/stored.ts";
import { findOp } from "../ops/table.ts";
import { listConstants } from "./constants.ts";

const MAX_RANK = 8;
/** All that 32-bit addresses reach. */
const MAX_BYTES = 2 ** 32;
/** Letters; arbitrary, and more than exporters make. */
const MAX_NAME = 1024;
const MAX_SENTENCE = 300;

function demand(isRight: unknown, sentence: string, node?: string): asserts isRight {
  if (!isRight) throw new LoadError("invalid", sentence, node);
}

/** Throw LoadError unless the graph can be executed in the order it is written. */
export function checkGraph(graph: Graph): void {
  const { values, nodes } = graph;
  /** Type of each value that exists so far, by index. */
  const types: Type[] = [];
  const produced = new Set<number>();

  const label = (index: number) => `value ${index}${values[index] ? ` "${values[index].name}"` : ""}`;
  const define = (index: number, what: string, node?: string): Type => {
    const value = values[index];
    demand(value, `${what} is value ${index} but there are only ${values.length}`, node);
    demand(!types[index], `${label(index)} is defined twice, the second time as ${what}`, node);
    types[index] = { type: value.type, shape: atBatchOne(value.shape) };
    return types[index];
  };

  checkNames("value", values);
  checkNames("node", nodes);
  values.forEach((value, index) => {
    checkShape(value);
    if (value.constant) define(index, "constant");
  });
  for (const index of graph.inputs) define(index, "graph input");

  for (const node of nodes) {
    const inputs = node.inputs.map((index) => {
      const type = types[index];
      demand(type, `its input, ${label(index)}, does not exist when the node runs; nodes must be in execution order`, node.name);
      return type;
    });
    const made = spellType(inferNode(node, inputs));
    const [output] = node.outputs;
    demand(output !== undefined && node.outputs.length === 1, `${node.op} makes 1 output but the file lists ${node.outputs.length}`, node.name);
    const listed = spellType(define(output, "output", node.name));
    demand(made === listed, `its output is ${made} but the file says ${listed}`, node.name);
    produced.add(output);
  }

  demand(graph.outputs.length > 0, "the graph has no outputs");
  for (const index of graph.outputs) demand(produced.delete(index), `graph output ${label(index)} is not made by a node, or is listed twice`);
  values.forEach((_, index) => {
    demand(types[index], `${label(index)} is neither an input, nor a constant, nor made by a node`);
  });
  for (const constant of listConstants(graph)) {
    const needed = countStoredBytes(constant);
    demand(constant.data.bytes === needed, `${constant.name} has ${constant.data.bytes} bytes but must have ${needed}`, constant.node);
  }
  checkPreprocess(graph);
}

function inferNode({ name, op, attrs }: Node, inputs: readonly Type[]): Type {
  try {
    return findOp(op).infer(attrs, inputs);
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    const { code, message } = error;
    // A hostile attribute can be a million numbers long, and the sentence with it.
    const sentence = `(${op}) ${message}`.slice(0, MAX_SENTENCE);
    throw new LoadError(code === "unsupported" || code === "too-large" ? code : "invalid", sentence, name);
  }
}

function atBatchOne(shape: Shape): Shape {
  return shape.map((dim) => (dim < 0 ? 1 : dim));
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
  need(countBytes({ type, shape: atBatchOne(shape) }) <= MAX_BYTES, `more than ${MAX_BYTES} bytes cannot be addressed`);
}

/** The picture that preprocessing makes must be what the first input takes. */
function checkPreprocess({ metadata: { preprocess }, inputs, values }: Graph): void {
  if (!preprocess) return;
  const { width, height, channels, mean, std } = preprocess;
  const count = channels === "gray" ? 1 : 3;
  const shape = values[inputs[0] as number]?.shape ?? [];
  demand(
    width * height * count === countElements(atBatchOne(shape.slice(1))),
    `preprocessing makes ${count}x${height}x${width} values but the first input is ${spell(shape)}`,
  );
  const isRight = mean.length === count && std.length === count && std.every((value) => value > 0);
  demand(isRight, `preprocessing needs ${count} mean(s) and ${count} positive std(s)`);
}
