// Pools over all of height and width, shared by GlobalAveragePool, GlobalMaxPool and ReduceMean.
import type { Context } from "./context.ts";
import type { OnnxNode } from "./node.ts";
import { reshaped } from "./reshaped.ts";

/** Pool [N,C,H,W] to [N,C,1,1], or to [N,C] without `keepDims`. */
export function globalPool(node: OnnxNode, context: Context, kind: "average" | "max", keepDims = true): number {
  const input = context.value(node, 0);
  const [batch, channels] = context.shapeOfRank(node, input, 4) as [number, number];
  const pooled = context.draft.add(node.name, "globalpool", { kind }, [input]);
  return reshaped(context, node.name, pooled, keepDims ? [batch, channels, 1, 1] : [batch, channels]);
}
