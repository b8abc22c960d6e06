// Pools over all of height, width and their like, shared by GlobalAveragePool and GlobalMaxPool.
import type { Context } from "./context.ts";
import type { OnnxNode } from "./node.ts";

/** Pool [N,C,...] to [N,C,1,...]. */
export function globalPool(node: OnnxNode, context: Context, kind: "average" | "max"): number {
  return context.draft.add(node.name, "globalpool", { kind }, [context.value(node, 0)]);
}
