// Proves what a graph means without looking at its weights: names, order of execution, shapes, and that every
// constant has exactly the bytes its op will read. Shapes are inferred with a batch of 1.

import type { OpName } from "../graph/attributes.ts";
import { LoadError, PlanError } from "../graph/errors.ts";
import { countElements, countWords, type Graph, type Shape, type Value } from "../graph/graph.ts";
import type { Op, Type } from "../ops/op.ts";
import { spell } from "../ops/require.ts";
import { OPS } from "../ops/table.ts";

const MAX_RANK = 8;
/** f32 values of 4 GiB: all that 32-bit addresses reach. */
const MAX_ELEMENTS = 2 ** 30;

/** Count the bytes of a value as it is stored: f32 row-major, bits as [N,...spatial,ceil(C/32)] words. */
export function countBytes({ type, shape }: Type): number {
  const elements = countElements(shape);
  const channels = shape[1] as number;
  return type === "f32" ? elements * 4 : (elements / channels) * countWords(channels) * 4;
}

/** Throw LoadError unless the graph can be executed in the order it is written. */
export function checkGraph(graph: Graph): void {
  const { values, nodes } = graph;
  /** Type of each value that exists so far, by index. */
  const types: Type[] = [];

  function label(index: number): string {
    return `value ${index}${values[index] ? ` "${values[index].name}"` : ""}`;
  }
  function define(index: number, what: string, node?: string): void {
    const value = values[index];
    if (!value) throw new LoadError("invalid", `${what} is value ${index} but there are only ${values.length}`, node);
    if (types[index]) throw new LoadError("invalid", `${label(index)} is defined twice, the second time as ${what}`, node);
    types[index] = { type: value.type, shape: atBatchOne(value.shape) };
  }

  checkNames("value", values);
  checkNames("node", nodes);
  values.forEach((value, index) => {
    checkShape(value);
    if (value.constant) define(index, "constant");
  });
  for (const index of graph.inputs) define(index, "graph input");

  const produced = new Set<number>();
  for (const node of nodes) {
    const op: Op<OpName> = OPS[node.op];
    const inputs = node.inputs.map((index) => {
      const type = types[index];
      if (!type) {
        throw new LoadError("invalid", `its input, ${label(index)}, does not exist when the node runs; nodes must be in execution order`, node.name);
      }
      return type;
    });
    let outputs: Type[];
    let stored: { name: string; data: { bytes: number }; bytes: number }[];
    try {
      outputs = op.infer(node, inputs);
      stored = op.stored(node.attrs, inputs);
    } catch (error) {
      if (!(error instanceof PlanError)) throw error;
      const sentence = error.message.replace(`in node "${error.node}": `, "");
      throw new LoadError(error.code === "unsupported" ? "unsupported" : "invalid", sentence, node.name);
    }
    for (const { name, data, bytes } of stored) {
      if (data.bytes !== bytes)
        throw new LoadError("invalid", `${name} has ${data.bytes} bytes but must have ${bytes}; convert the model again`, node.name);
    }
    if (outputs.length !== node.outputs.length) {
      throw new LoadError("invalid", `${node.op} makes ${outputs.length} output(s) but the file lists ${node.outputs.length}`, node.name);
    }
    outputs.forEach((made, i) => {
      const index = node.outputs[i] as number;
      define(index, `output ${i}`, node.name);
      produced.add(index);
      const listed = types[index] as Type;
      if (made.type !== listed.type || spell(made.shape) !== spell(listed.shape)) {
        throw new LoadError(
          "invalid",
          `its output is ${made.type} ${spell(made.shape)} but the file says ${listed.type} ${spell(listed.shape)}`,
          node.name,
        );
      }
    });
  }

  if (graph.outputs.length === 0) throw new LoadError("invalid", "the graph has no outputs");
  for (const index of graph.outputs) {
    if (!produced.delete(index)) throw new LoadError("invalid", `graph output ${label(index)} is not made by a node, or is listed twice`);
  }
  values.forEach((_, index) => {
    if (!types[index]) throw new LoadError("invalid", `${label(index)} is neither an input, nor a constant, nor made by a node`);
  });
  checkPreprocess(graph);
}

function atBatchOne(shape: Shape): Shape {
  return shape.map((dim) => (dim < 0 ? 1 : dim));
}

function checkNames(what: string, things: readonly { name: string }[]): void {
  const names = new Set<string>();
  for (const { name } of things) {
    if (name === "" || names.has(name)) throw new LoadError("invalid", `${what} name "${name}" is ${name === "" ? "empty" : "used twice"}`);
    names.add(name);
  }
}

function checkShape(value: Value): void {
  const { name, type, shape, constant } = value;
  const fail = (need: string): never => {
    throw new LoadError("invalid", `value "${name}" is ${type} ${spell(shape.slice(0, MAX_RANK + 1))}; ${need}`);
  };
  if (shape.length < 1 || shape.length > MAX_RANK) fail(`it must have 1 to ${MAX_RANK} dimensions`);
  if (type === "bits" && shape.length < 2) fail("bits need a channel dimension");
  if (shape.some((dim, i) => dim < 1 && (dim !== -1 || i > 0 || constant))) fail("dimensions must be positive; -1 is for the batch only");
  const one = atBatchOne(shape);
  if (countElements(one) > MAX_ELEMENTS) fail(`more than ${MAX_ELEMENTS} elements cannot be addressed`);
  const bytes = countBytes({ type, shape: one });
  if (constant && constant.bytes !== bytes) fail(`it is stored in ${constant.bytes} bytes but needs ${bytes}`);
}

/** The picture that preprocessing makes must be what the first input takes. */
function checkPreprocess({ metadata: { preprocess }, inputs, values }: Graph): void {
  if (!preprocess) return;
  const { width, height, channels, mean, std } = preprocess;
  const count = channels === "gray" ? 1 : 3;
  const shape = values[inputs[0] as number]?.shape ?? [];
  if (width * height * count !== countElements(atBatchOne(shape.slice(1)))) {
    throw new LoadError("invalid", `preprocessing makes ${count}x${height}x${width} values but the model's first input is ${spell(shape)}`);
  }
  if (mean.length !== count || std.length !== count || std.some((value) => value <= 0)) {
    throw new LoadError("invalid", `preprocessing needs ${count} mean(s) and ${count} positive std(s)`);
  }
}
