import type { Context } from "../context.ts";
import { convolve } from "../convolve.ts";
import type { OnnxNode } from "../node.ts";

export function conv(node: OnnxNode, context: Context): number {
  const input = context.value(node, 0);
  return convolve(node, context, input, context.requireConstant(node, 1, "weights"), context.constant(node, 2, "bias"));
}
