import { Composer } from "../compose.ts";
import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";
import { ABOVE_ZERO } from "../threshold.ts";

/** 1 where neither is above the other. */
export function equal(node: OnnxNode, context: Context): number {
  const composer = new Composer(node, context);
  const difference = composer.sub(context.value(node, 0), context.value(node, 1));
  const isAbove = (x: number) => composer.truth({ x, thresholds: [ABOVE_ZERO], isNegated: false });
  return composer.affine(composer.add(isAbove(difference), isAbove(composer.affine(difference, -1))), -1, 1);
}
