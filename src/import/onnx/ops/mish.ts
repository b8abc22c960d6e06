import { Composer } from "../compose.ts";
import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";
import { softplusOf } from "./softplus.ts";

/** x tanh(log(1 + e^x)). */
export function mish(node: OnnxNode, context: Context): number {
  const composer = new Composer(node, context);
  const x = context.value(node, 0);
  return composer.mul(x, composer.activation("tanh", softplusOf(composer, x)));
}
