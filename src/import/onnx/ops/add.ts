import { splitConstant, sum } from "../arithmetic.ts";
import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";
import { scaleShift } from "../scale-shift.ts";

/** Add: a constant per channel becomes an affine. */
export function add(node: OnnxNode, context: Context): number {
  const split = splitConstant(node, context);
  if (split !== undefined) return scaleShift(context, node.name, split.value, [1], split.constant);
  return sum(context, node.name, context.value(node, 0), context.value(node, 1));
}
