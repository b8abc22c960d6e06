import { activate } from "../activation.ts";
import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";

/** |x| is a leaky ReLU of slope -1. */
export function abs(node: OnnxNode, context: Context): number {
  return activate(node, context, "leaky-relu", -1);
}
