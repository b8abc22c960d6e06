import { Composer } from "../compose.ts";
import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";
import { overAll } from "../variadic.ts";

/** The mean of its inputs, element by element. */
export function mean(node: OnnxNode, context: Context): number {
  const total = overAll(node, context, (composer, a, b) => composer.add(a, b));
  return new Composer(node, context).affine(total, 1 / node.inputs.length);
}
