import { Composer } from "../compose.ts";
import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";

/** Both. */
export function and(node: OnnxNode, context: Context): number {
  const composer = new Composer(node, context);
  const [a, b] = [composer.truthOf(node, 0), composer.truthOf(node, 1)];
  return composer.mul(a, b);
}
