import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";
import type { Operand } from "../operand.ts";

export function identity(node: OnnxNode, context: Context): Operand {
  return context.operand(node, 0);
}
