import { splitConstant } from "../arithmetic.ts";
import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";
import { scaleShift } from "../scale-shift.ts";

/** Mul: a constant per channel becomes an affine. */
export function mul(node: OnnxNode, context: Context): number {
  const split = splitConstant(node, context);
  if (split !== undefined) return scaleShift(context, node.name, split.value, split.constant, [0]);
  return context.draft.add(node.name, "elementwise", { kind: "mul" }, [context.value(node, 0), context.value(node, 1)]);
}
