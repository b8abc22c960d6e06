import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";
import { pool } from "../pool.ts";

/** MaxPool without its optional second output, the indices. */
export function maxPool(node: OnnxNode, context: Context): number {
  const ceilMode = node.int("ceil_mode", 0) !== 0;
  return pool(node, context, (x, window) => context.draft.add(node.name, "maxpool", { window, ceilMode }, [x]));
}
