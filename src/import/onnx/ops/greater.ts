import { compare } from "../compare.ts";
import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";
import type { Operand } from "../operand.ts";

export function greater(node: OnnxNode, context: Context): Operand {
  return compare(node, context, ">");
}
