import { toAxes } from "../axes.ts";
import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";
import { reshaped } from "../reshaped.ts";

/** Unsqueeze: puts in dimensions of size 1. Axes are an input since opset 13. */
export function unsqueeze(node: OnnxNode, context: Context): number {
  const input = context.value(node, 0);
  const listed = context.integers(node, 1, "axes");
  if (listed === undefined) throw node.invalid("has no axes");
  const shape = [...context.shape(input)];
  for (const axis of toAxes(node, listed, shape.length + listed.length)) shape.splice(axis, 0, 1);
  if (shape.indexOf(-1) > 0) throw node.unsupported("puts a dimension before the batch", "the batch has to stay the first dimension");
  return reshaped(context, node.name, input, shape);
}
