import { Composer } from "../compose.ts";
import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";
import { readReduction } from "../reduce.ts";

/** Sum along axes. */
export function reduceSum(node: OnnxNode, context: Context): number {
  const composer = new Composer(node, context);
  const x = context.value(node, 0);
  const reduction = readReduction(node, context);
  if (reduction === undefined) return x;
  return composer.affine(reduction.mean(x), reduction.count);
}
