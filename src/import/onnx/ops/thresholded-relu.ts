import { Composer } from "../compose.ts";
import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";

/** x where it is above alpha, else 0. */
export function thresholdedRelu(node: OnnxNode, context: Context): number {
  const composer = new Composer(node, context);
  const x = context.value(node, 0);
  return composer.mul(x, composer.isAbove(x, node.float("alpha", 1)));
}
