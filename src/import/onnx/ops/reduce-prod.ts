import { Composer } from "../compose.ts";
import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";
import { readReduction } from "../reduce.ts";

/** Product along axes: e to the sum of logarithms of |x|, negative where an odd number of x is. */
export function reduceProd(node: OnnxNode, context: Context): number {
  const composer = new Composer(node, context);
  const x = context.value(node, 0);
  const reduction = readReduction(node, context);
  if (reduction === undefined) return x;
  const total = (values: number) => composer.affine(reduction.mean(values), reduction.count);
  const size = composer.exp(total(composer.log(composer.abs(x))));
  // The mean of 0 and 1 times their count is nearly whole.
  const negatives = composer.round(total(composer.isAbove(composer.affine(x, -1), 0)));
  const isOdd = composer.sub(negatives, composer.affine(composer.floor(composer.affine(negatives, 0.5)), 2));
  return composer.mul(size, composer.affine(isOdd, -2, 1));
}
