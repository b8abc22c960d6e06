import { negate, splitConstant, sum } from "../arithmetic.ts";
import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";
import { scaleShift } from "../scale-shift.ts";

/** Sub: x - c and c - x are affine; x - y is x + (-1) y. */
export function sub(node: OnnxNode, context: Context): number {
  const split = splitConstant(node, context);
  if (split?.side === 0) {
    const negative = split.constant.map((value) => -value);
    return scaleShift(context, node.name, split.value, [1], negative);
  }
  if (split?.side === 1) return scaleShift(context, node.name, split.value, [-1], split.constant);
  return sum(context, node.name, context.value(node, 0), negate(context, node.name, context.value(node, 1)));
}
