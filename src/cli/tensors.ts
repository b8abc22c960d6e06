// Runs a model on arrays: fits .npy arrays to the model's inputs, and cuts large batches into pieces so that
// memory stays bounded.
import type { Model, TensorInfo, Tensors } from "../engine/model.ts";
import type { Shape } from "../graph/graph.ts";
import { Failure } from "./failure.ts";
import type { NpyArray } from "./npy.ts";
import { spellShape } from "./units.ts";

/** Items per run at most. Arbitrary: large enough that the cost of a call does not show. */
const MAX_ITEMS = 256;

export interface NamedArray {
  name: string;
  shape: Shape;
  data: Float32Array;
}

/** Check an array against an input; returns its items (first dimension). Throws Failure saying how to reshape. */
export function countItems({ name, shape }: TensorInfo, array: Pick<NpyArray, "shape" | "data">): number {
  const perItem = shape.slice(1);
  const isOneItem = sameShape(array.shape, perItem) && Math.abs(shape[0] ?? 1) === 1;
  if (isOneItem) return 1;
  if (array.shape.length > 0 && sameShape(array.shape.slice(1), perItem)) return array.shape[0] as number;
  const elems = perItem.reduce((a, b) => a * b, 1);
  const remedy = array.data.length > 0 && array.data.length % elems === 0 ? `; save x.reshape(-1, ${perItem.join(", ")})` : "";
  throw new Failure(`its shape is ${spellShape(array.shape) || "()"} but input "${name}" needs ${spellShape(shape)}${remedy}`);
}

/** Run all items; `arrays` has one entry per input. Outputs are in the model's order. */
export function runArrays(model: Model, arrays: ReadonlyMap<string, Float32Array>, items: number, maxMemory: number): NamedArray[] {
  const step = itemsPerRun(model, items, maxMemory);
  const runs: { tensors: Tensors; shapes: Map<string, Shape> }[] = [];
  for (let start = 0; start < items; start += step) {
    const count = Math.min(step, items - start);
    const inputs = model.inputs.map(({ name, type }) => {
      const data = arrays.get(name) as Float32Array;
      const perItem = data.length / items;
      const part = data.subarray(start * perItem, (start + count) * perItem);
      return [name, type === "i8" ? Int8Array.from(part) : part] as const;
    });
    const tensors = model.run(Object.fromEntries(inputs));
    const { values, batch } = model.plan(count);
    // The plan is of a part of the batch.
    runs.push({ tensors, shapes: new Map(values.map(({ name, shape: [rows = 1, ...item] }) => [name, [(rows * count) / batch, ...item]])) });
  }
  return model.outputs.map(({ name }) => {
    const parts = runs.map(({ tensors }) => tensors[name] as Float32Array);
    const [first = [], ...rest] = runs.map(({ shapes }) => shapes.get(name) as Shape);
    const rows = rest.reduce((sum, [count = 1]) => sum + count, first[0] ?? 1);
    return { name, shape: rest.length > 0 ? [rows, ...first.slice(1)] : first, data: join(parts) };
  });
}

/** How many items one run takes: what the shapes fix, or as many as fit in memory. */
function itemsPerRun(model: Model, items: number, maxMemory: number): number {
  const batches = new Set([...model.inputs, ...model.outputs].map(({ shape }) => shape[0] ?? 1));
  const [batch] = batches;
  if (batch === undefined || batches.size > 1) return items;
  if (batch > 0) return items % batch === 0 ? batch : items;
  const { arenaBytes, scratchBytes } = model.plan(1);
  const room = maxMemory - model.memoryBytes;
  return Math.max(1, Math.min(items, MAX_ITEMS, Math.floor(room / (2 * (arenaBytes + scratchBytes)))));
}

function join(parts: readonly Float32Array[]): Float32Array {
  const joined = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dim, index) => dim === b[index]);
}
