// Sums and products of two operands: with a constant that fits the channels an affine, else element-wise.
import { perChannel } from "./channels.ts";
import type { Context } from "./context.ts";
import type { OnnxNode } from "./node.ts";
import { scaleShift } from "./scale-shift.ts";

/** One dynamic operand and a constant that is one number or one per channel of it. */
export interface WithConstant {
  value: number;
  /** Which input of the node the value is. */
  side: 0 | 1;
  constant: number[];
}

/** Find out whether one input is a per-channel constant for the other. */
export function splitConstant(node: OnnxNode, context: Context): WithConstant | undefined {
  for (const side of [0, 1] as const) {
    const tensor = context.findConstant(node, 1 - side);
    if (tensor === undefined) continue;
    const value = context.value(node, side);
    const constant = perChannel(tensor, context.shape(value));
    return constant && { value, side, constant };
  }
  return undefined;
}

/** Return -x, remembering that it is. */
export function negate(context: Context, name: string, x: number): number {
  const negative = scaleShift(context, name, x, [-1], [0]);
  context.draft.negations.set(negative, x);
  return negative;
}

/** Return a + b element by element. (a - b) + b is a: what a straight-through estimator leaves behind. */
export function sum(context: Context, name: string, a: number, b: number): number {
  return withoutDetour(context, a, b) ?? withoutDetour(context, b, a) ?? context.draft.add(name, "elementwise", { kind: "add" }, [a, b]);
}

function withoutDetour({ draft }: Context, difference: number, b: number): number | undefined {
  const producer = draft.producer(difference);
  if (producer?.op !== "elementwise" || producer.attrs.kind !== "add") return undefined;
  const [first, second] = producer.inputs as [number, number];
  const kept = draft.negations.get(second) === b ? first : draft.negations.get(first) === b ? second : undefined;
  if (kept === undefined || draft.shape(kept).join() !== draft.shape(difference).join()) return undefined;
  return kept;
}
