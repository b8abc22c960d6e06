import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";
import { pool } from "../pool.ts";

/** AveragePool; torch writes an all-zero Pad before it, which has vanished by now. */
export function averagePool(node: OnnxNode, context: Context): number {
  const [ceilMode, countIncludePad] = [node.int("ceil_mode", 0) !== 0, node.int("count_include_pad", 0) !== 0];
  return pool(node, context, (x, window) => context.draft.add(node.name, "avgpool", { window, ceilMode, countIncludePad }, [x]));
}
