import { Composer } from "../compose.ts";
import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";

/** x / (1 + |x|). */
export function softsign(node: OnnxNode, context: Context): number {
  const composer = new Composer(node, context);
  const x = context.value(node, 0);
  return composer.combine("div", x, composer.affine(composer.abs(x), 1, 1));
}
