import { Composer } from "../compose.ts";
import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";

/** x - bias above lambd, x + bias below -lambd, else 0. */
export function shrink(node: OnnxNode, context: Context): number {
  const composer = new Composer(node, context);
  const x = context.value(node, 0);
  const [limit, bias] = [node.float("lambd", 0.5), node.float("bias", 0)];
  const above = composer.mul(composer.affine(x, 1, -bias), composer.isAbove(x, limit));
  const below = composer.mul(composer.affine(x, 1, bias), composer.isAbove(composer.affine(x, -1), limit));
  return composer.add(above, below);
}
