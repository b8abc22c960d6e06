import { Composer } from "../compose.ts";
import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";
import type { Operand } from "../operand.ts";

/** Not: of a comparison the opposite one, of 1 and 0 what is left of 1. */
export function not(node: OnnxNode, context: Context): Operand | number {
  const operand = context.operand(node, 0);
  if (operand.kind !== "condition") return new Composer(node, context).affine(context.value(node, 0), -1, 1);
  return { kind: "condition", condition: { ...operand.condition, isNegated: !operand.condition.isNegated } };
}
