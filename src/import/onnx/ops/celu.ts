import type { Context } from "../context.ts";
import { exponentialLinear } from "../elu.ts";
import type { OnnxNode } from "../node.ts";

/** x above 0, alpha (e^(x / alpha) - 1) below. */
export function celu(node: OnnxNode, context: Context): number {
  const alpha = node.float("alpha", 1);
  return exponentialLinear(node, context, alpha, alpha);
}
