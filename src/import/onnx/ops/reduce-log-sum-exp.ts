import { Composer } from "../compose.ts";
import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";
import { readReduction } from "../reduce.ts";

/** Logarithm of the sum of e^x along axes, which the largest x is taken out of first: it does not overflow. */
export function reduceLogSumExp(node: OnnxNode, context: Context): number {
  const composer = new Composer(node, context);
  const x = context.value(node, 0);
  const reduction = readReduction(node, context);
  if (reduction === undefined) return x;
  const largest = reduction.max(x);
  const rest = composer.exp(composer.sub(x, reduction.kept(largest)));
  return composer.add(largest, composer.log(composer.affine(reduction.mean(rest), reduction.count)));
}
