import { activate } from "../activation.ts";
import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";

export function hardSigmoid(node: OnnxNode, context: Context): number {
  return activate(node, context, "hard-sigmoid", node.float("alpha", 0.2), node.float("beta", 0.5));
}
