import { toAxes } from "../axes.ts";
import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";
import { reshaped } from "../reshaped.ts";

/** Squeeze: drops dimensions of size 1. Axes are an input since opset 13. */
export function squeeze(node: OnnxNode, context: Context): number {
  const input = context.value(node, 0);
  const shape = context.shape(input);
  const listed = context.integers(node, 1, "axes");
  const axes = listed ? toAxes(node, listed, shape.length) : shape.flatMap((dim, axis) => (dim === 1 ? [axis] : []));
  if (axes.some((axis) => shape[axis] !== 1)) {
    throw node.unsupported(`drops axes [${axes}] of [${shape}]`, "only dimensions of size 1 can be dropped; the batch is not one");
  }
  return reshaped(
    context,
    node.name,
    input,
    shape.filter((_, axis) => !axes.includes(axis)),
  );
}
