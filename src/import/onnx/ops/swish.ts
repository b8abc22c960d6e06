import { Composer } from "../compose.ts";
import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";

/** x sigmoid(alpha x). */
export function swish(node: OnnxNode, context: Context): number {
  const composer = new Composer(node, context);
  const x = context.value(node, 0);
  return composer.mul(x, composer.activation("sigmoid", composer.affine(x, node.float("alpha", 1))));
}
