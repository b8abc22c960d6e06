// Tables of one-operator models and what they compute, for the importer's tests.
import { importOnnx } from "../../src/import/onnx/import.ts";
import { interpret } from "./interpret.ts";
import { type Attribute, buildModel, type ModelSpec, type NodeSpec, type TensorSpec } from "./onnx-builder.ts";
import { Random } from "./random.ts";

export interface OperatorCase {
  /** Operator under test, and what is special about it. */
  op: string;
  label?: string;
  attributes?: Record<string, Attribute>;
  /** Shape of the one dynamic input; default [n, 3, 5, 4] with a dynamic batch. */
  shape?: (number | string)[];
  /** Inputs of the node in order; "x" is the dynamic one, "" is left out. Default ["x"]. */
  inputs?: (string | Omit<TensorSpec, "name">)[];
  outputs?: string[];
  opset?: number;
  domain?: string;
  /** Ops of the graph, in order. Left out: not checked. */
  ops?: string[];
  /** Expected shape of output y for a batch of 2. */
  yields: number[];
  /** Expected value of element `at` of y, from x and x's shape. Left out: only ops and shapes are checked. */
  y?: (x: readonly number[], at: readonly number[], shape: readonly number[]) => number;
}

/** Element of x at a multi-index; `fill` outside. */
export function pick(x: readonly number[], shape: readonly number[], at: readonly number[], fill = Number.NaN): number {
  let place = 0;
  for (let axis = 0; axis < shape.length; axis++) {
    const index = at[axis] as number;
    if (index < 0 || index >= (shape[axis] as number)) return fill;
    place = place * (shape[axis] as number) + index;
  }
  return x[place] as number;
}

export function modelOf(item: OperatorCase): Uint8Array {
  const initializers: ModelSpec["initializers"] = {};
  const inputs = (item.inputs ?? ["x"]).map((input, i) => {
    if (typeof input === "string") return input;
    initializers[`c${i}`] = input;
    return `c${i}`;
  });
  const node: NodeSpec = { op: item.op, name: "node", inputs, outputs: item.outputs ?? ["y"], attributes: item.attributes, domain: item.domain };
  return buildModel({
    nodes: [node],
    inputs: [{ name: "x", shape: item.shape ?? ["n", 3, 5, 4] }],
    outputs: ["y"],
    initializers,
    opset: item.opset,
    domains: item.domain ? { [item.domain]: 1 } : undefined,
  });
}

/** Returns what is wrong with how a case is imported; undefined when nothing is. */
export function checkCase(item: OperatorCase, seed: number): string | undefined {
  const { graph } = importOnnx(modelOf(item));
  const ops = graph.nodes.map((node) => node.op);
  if (item.ops && ops.join() !== item.ops.join()) return `ops are [${ops}], not [${item.ops}]`;
  const given = item.shape ?? ["n", 3, 5, 4];
  const shape = given.map((dim) => (typeof dim === "string" ? 2 : dim));
  const x = [
    ...new Random(seed).floats(
      shape.reduce((a, b) => a * b, 1),
      -3,
      3,
    ),
  ];
  x[0] = 0;
  const y = interpret(graph, { x: { shape, data: Float32Array.from(x) } }).get("y");
  if (y === undefined) return "there is no value y";
  const stated = graph.values[graph.outputs[0] as number]?.shape.map((dim, axis) => (dim === -1 ? y.shape[axis] : dim));
  if (y.shape.join() !== item.yields.join() || stated?.join() !== item.yields.join()) return `shape is [${y.shape}], stated [${stated}]`;
  if (item.y === undefined) return undefined;
  const float = x.map(Math.fround);
  for (let i = 0; i < y.data.length; i++) {
    const at = y.shape.map((dim, axis) => Math.floor(i / y.shape.slice(axis + 1).reduce((a, b) => a * b, 1)) % dim);
    const wanted = item.y(float, at, shape);
    const isNear = y.data[i] === wanted || Math.abs((y.data[i] as number) - wanted) <= 1e-5 * (1 + Math.abs(wanted));
    if (!isNear) return `y[${at}] is ${y.data[i]}, not ${wanted} (seed ${seed})`;
  }
  return undefined;
}
