import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";
import { readReduction } from "../reduce.ts";

/** Largest along axes. */
export function reduceMax(node: OnnxNode, context: Context): number {
  const x = context.value(node, 0);
  const reduction = readReduction(node, context);
  if (reduction === undefined) return x;
  return reduction.max(x);
}
