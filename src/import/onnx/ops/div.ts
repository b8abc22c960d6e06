import { perChannel } from "../channels.ts";
import { Composer } from "../compose.ts";
import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";
import { scaleShift } from "../scale-shift.ts";

/** Div: by a constant a multiplication with its inverse. Whole numbers are divided towards zero. */
export function div(node: OnnxNode, context: Context): number {
  const composer = new Composer(node, context);
  const input = context.value(node, 0);
  const quotient = () => composer.combine("div", input, context.value(node, 1));
  if (context.isInteger(node, 0)) return composer.truncate(quotient());
  const divisor = context.findConstant(node, 1);
  if (divisor === undefined) return quotient();
  const constant = perChannel(divisor, context.shape(input));
  if (constant !== undefined) {
    const inverse = constant.map((value) => 1 / value);
    return scaleShift(context, node.name, input, inverse, [0]);
  }
  return composer.mul(input, context.store("", { ...divisor, data: divisor.data.map((value) => 1 / value) }));
}
