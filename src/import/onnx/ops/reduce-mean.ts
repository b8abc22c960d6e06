import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";
import { readReduction } from "../reduce.ts";

/** Mean along axes. */
export function reduceMean(node: OnnxNode, context: Context): number {
  const x = context.value(node, 0);
  const reduction = readReduction(node, context);
  if (reduction === undefined) return x;
  return reduction.mean(x);
}
