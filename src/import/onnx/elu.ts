// The exponential linear units: x above 0, alpha (e^(x / width) - 1) below.
import { Composer } from "./compose.ts";
import type { Context } from "./context.ts";
import type { OnnxNode } from "./node.ts";

export function exponentialLinear(node: OnnxNode, context: Context, alpha: number, width = 1, gain = 1): number {
  const composer = new Composer(node, context);
  const x = context.value(node, 0);
  const below = composer.exp(composer.affine(composer.negative(x), 1 / width));
  return composer.affine(composer.add(composer.positive(x), composer.affine(below, alpha, -alpha)), gain);
}
