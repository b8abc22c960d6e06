import { Composer } from "../compose.ts";
import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";
import { readReduction } from "../reduce.ts";

/** Square root of the sum of squares along axes. */
export function reduceL2(node: OnnxNode, context: Context): number {
  const composer = new Composer(node, context);
  const x = context.value(node, 0);
  const reduction = readReduction(node, context);
  if (reduction === undefined) return x;
  return composer.sqrt(composer.affine(reduction.mean(composer.mul(x, x)), reduction.count));
}
