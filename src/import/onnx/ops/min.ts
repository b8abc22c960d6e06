import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";
import { overAll } from "../variadic.ts";

export function min(node: OnnxNode, context: Context): number {
  return overAll(node, context, (composer, a, b) => composer.min(a, b));
}
