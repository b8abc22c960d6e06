import type { Context } from "../context.ts";
import { exponentialLinear } from "../elu.ts";
import type { OnnxNode } from "../node.ts";

/** x above 0, alpha (e^x - 1) below. */
export function elu(node: OnnxNode, context: Context): number {
  return exponentialLinear(node, context, node.float("alpha", 1));
}
