// ReduceMean over height and width: a global average pool. Axes are an input since opset 18.
import type { Context } from "../context.ts";
import { globalPool } from "../global-pool.ts";
import type { OnnxNode } from "../node.ts";

export function reduceMean(node: OnnxNode, context: Context): number {
  const input = context.value(node, 0);
  const rank = context.shape(input).length;
  const axes = context.integers(node, 1, "axes")?.map((axis) => (axis < 0 ? axis + rank : axis));
  const spatial = axes && [...axes].sort((a, b) => a - b).join() === "2,3";
  if (rank !== 4 || !spatial) {
    throw node.unsupported(
      `averages [${context.shape(input)}] over axes [${axes ?? "all"}]`,
      "averaging over height and width (axes 2 and 3 of 4) is supported",
    );
  }
  return globalPool(node, context, "average", node.int("keepdims", 1) !== 0);
}
