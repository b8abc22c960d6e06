import { Composer } from "../compose.ts";
import type { Context } from "../context.ts";
import { broadcastShape } from "../fold/broadcast.ts";
import type { OnnxNode } from "../node.ts";
import { countOf } from "../tensor.ts";

/** Expand: a product with ones of the shape wanted. */
export function expand(node: OnnxNode, context: Context): number {
  const input = context.value(node, 0);
  const wanted = Array.from(context.requireConstant(node, 1, "shape").data, (dim) => (Number.isNaN(dim) ? 1 : dim));
  const shape = context.shape(input);
  const result = broadcastShape(node, [shape.map((dim) => (dim === -1 ? 1 : dim)), wanted]);
  if (result.length === shape.length && shape.every((dim, axis) => dim === -1 || dim === result[axis])) return input;
  const composer = new Composer(node, context);
  context.spend(node, countOf(wanted));
  return composer.mul(input, composer.store({ type: "float", shape: wanted, data: new Float32Array(countOf(wanted)).fill(1) }));
}
