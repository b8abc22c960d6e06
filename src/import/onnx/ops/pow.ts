import { Composer } from "../compose.ts";
import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";

/** Pow: squares and roots are what they are; other exponents go through the kernel. Whole numbers stay whole. */
export function pow(node: OnnxNode, context: Context): number {
  const composer = new Composer(node, context);
  const x = context.value(node, 0);
  const exponents = context.findConstant(node, 1);
  const exponent = exponents?.data.length === 1 && exponents.shape.length <= context.shape(x).length ? exponents.data[0] : undefined;
  if (exponent === 1) return x;
  if (exponent === 2) return composer.mul(x, x);
  if (exponent === 0.5) return composer.sqrt(x);
  const power = composer.combine("pow", x, context.value(node, 1));
  return context.isInteger(node, 0) ? composer.truncate(power) : power;
}
