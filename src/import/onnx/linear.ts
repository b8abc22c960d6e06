// A linear map along one axis: y[.., o, ..] = sum over i of matrix[o, i] x[.., i, ..]. Picking and blending along an axis are such maps.
import { Composer } from "./compose.ts";
import type { Context } from "./context.ts";
import { dense } from "./dense.ts";
import type { OnnxNode } from "./node.ts";

/** Apply the map to `axis`, whose rows are the outputs. */
export function linearAlong(node: OnnxNode, context: Context, x: number, axis: number, rows: readonly (readonly number[])[]): number {
  const composer = new Composer(node, context);
  const shape = context.shape(x);
  const length = shape[axis] as number;
  if (length === -1) throw node.unsupported("works along the batch", "keep the batch as the first dimension, untouched");
  context.spend(node, rows.length * length);
  const weights = Float32Array.from(rows.flat());
  if (shape.length === 1)
    return composer.reshape(dense(context, node.name, composer.reshape(x, [1, length]), weights, undefined, length), [rows.length]);
  const last = shape.length - 1;
  const swap = [...shape.keys()].map((at) => (at === axis ? last : at === last ? axis : at));
  return composer.transpose(dense(context, node.name, composer.transpose(x, swap), weights, undefined, length), swap);
}

/** Rows of the map that picks these elements of `length`. */
export function picking(indices: readonly number[], length: number): number[][] {
  return indices.map((index) => Array.from({ length }, (_, i) => (i === index ? 1 : 0)));
}
