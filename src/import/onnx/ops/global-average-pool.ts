import type { Context } from "../context.ts";
import { globalPool } from "../global-pool.ts";
import type { OnnxNode } from "../node.ts";

export function globalAveragePool(node: OnnxNode, context: Context): number {
  return globalPool(node, context, "average");
}
