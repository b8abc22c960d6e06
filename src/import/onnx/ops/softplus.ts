import { Composer } from "../compose.ts";
import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";

/** log(1 + e^x). */
export function softplus(node: OnnxNode, context: Context): number {
  return softplusOf(new Composer(node, context), context.value(node, 0));
}

/** max(x, 0) + log(1 + e^-|x|), which does not overflow. */
export function softplusOf(composer: Composer, x: number): number {
  const rest = composer.log(composer.affine(composer.exp(composer.affine(composer.abs(x), -1)), 1, 1));
  return composer.add(composer.positive(x), rest);
}
