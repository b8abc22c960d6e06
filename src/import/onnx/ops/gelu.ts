import { Composer } from "../compose.ts";
import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";

/** x times the normal distribution's share below x, or its approximation by tanh. */
export function gelu(node: OnnxNode, context: Context): number {
  const composer = new Composer(node, context);
  const x = context.value(node, 0);
  if (node.text("approximate", "none") === "none")
    return composer.mul(x, composer.affine(composer.activation("erf", composer.affine(x, Math.SQRT1_2)), 0.5, 0.5));
  const cubic = composer.affine(composer.mul(x, composer.mul(x, x)), 0.044715);
  const inner = composer.affine(composer.add(x, cubic), Math.sqrt(2 / Math.PI));
  return composer.mul(x, composer.affine(composer.activation("tanh", inner), 0.5, 0.5));
}
