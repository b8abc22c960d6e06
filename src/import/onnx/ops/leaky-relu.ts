import { activate } from "../activation.ts";
import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";

export function leakyRelu(node: OnnxNode, context: Context): number {
  return activate(node, context, "leaky-relu", node.float("alpha", 0.01));
}
