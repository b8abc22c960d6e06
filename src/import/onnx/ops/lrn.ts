import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";

export function lrn(node: OnnxNode, context: Context): number {
  const size = node.int("size", 0);
  if (size < 1) throw node.invalid(`has size ${size}`);
  const attrs = { size, alpha: node.float("alpha", 1e-4), beta: node.float("beta", 0.75), bias: node.float("bias", 1) };
  return context.draft.add(node.name, "lrn", attrs, [context.value(node, 0)]);
}
