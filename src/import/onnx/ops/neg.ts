import { negate } from "../arithmetic.ts";
import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";

export function neg(node: OnnxNode, context: Context): number {
  return negate(context, node.name, context.value(node, 0));
}
