import { perChannel } from "../channels.ts";
import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";
import { scaleShift } from "../scale-shift.ts";

/** Div by a constant: a multiplication with its inverse. */
export function div(node: OnnxNode, context: Context): number {
  const input = context.value(node, 0);
  const divisor = context.requireConstant(node, 1, "divisor");
  const constant = perChannel(divisor, context.shape(input));
  if (constant !== undefined) {
    const inverse = constant.map((value) => 1 / value);
    return scaleShift(context, node.name, input, inverse, [0]);
  }
  const inverse = context.store("", { ...divisor, data: divisor.data.map((value) => 1 / value) });
  return context.draft.add(node.name, "elementwise", { kind: "mul" }, [input, inverse]);
}
