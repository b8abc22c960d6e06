import { activate } from "../activation.ts";
import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";

export function tanh(node: OnnxNode, context: Context): number {
  return activate(node, context, "tanh");
}
