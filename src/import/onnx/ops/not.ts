import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";
import type { Operand } from "../operand.ts";

/** Not of a comparison. */
export function not(node: OnnxNode, context: Context): Operand {
  const operand = context.operand(node, 0);
  if (operand.kind !== "condition")
    throw node.unsupported("negates something that is no comparison", "only Not of Greater, Less and their like is supported");
  return { kind: "condition", condition: { ...operand.condition, isNegated: !operand.condition.isNegated } };
}
