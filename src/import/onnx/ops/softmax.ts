import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";
import { addSoftmax } from "../softmax.ts";

export function softmax(node: OnnxNode, context: Context): number {
  return addSoftmax(node, context, false);
}
