// Round, halves to the even number. Of a clipped value, which is a k-bit input as DoReFa-Net (arXiv 1606.06160) makes it,
// round(clip(x, 0, 1) (2^k - 1)), it becomes k signs, one a bit: the highest bit is a comparison of the value, the next one a comparison of what is left.
import { Composer } from "../compose.ts";
import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";
import { scaleShift } from "../scale-shift.ts";
import { binarize, floatAbove } from "../threshold.ts";

/** More signs cost more than real inputs do. */
const MOST_BITS = 3;

export function round(node: OnnxNode, context: Context): number {
  return roundValue(node, context, context.value(node, 0));
}

/** Round a value under the node's name. */
export function roundValue(node: OnnxNode, context: Context, y: number): number {
  const [low, high] = rangeOf(context, y) ?? [0, Number.POSITIVE_INFINITY];
  const bits = Math.log2(high - low + 1);
  if (!Number.isInteger(low) || !Number.isInteger(bits) || bits < 1 || bits > MOST_BITS) {
    return new Composer(node, context).round(y);
  }
  let rest = scaleShift(context, node.name, y, [1], [-low]);
  let rounded: number | undefined;
  for (let bit = bits - 1; bit >= 0; bit--) {
    const step = 2 ** bit;
    // Halves go to the even number, which is above for all bits but the lowest; from an odd lowest number on, below.
    const goesUp = bit > 0 !== (low % 2 !== 0);
    const middle = step - 0.5;
    const isSet = binarize(context, node.name, { x: rest, thresholds: [goesUp ? middle : floatAbove(middle)], isNegated: false });
    const part = scaleShift(context, node.name, isSet, [step / 2], [step / 2]);
    if (bit > 0) rest = context.draft.add(node.name, "elementwise", { kind: "add" }, [rest, scaleShift(context, node.name, part, [-1], [0])]);
    rounded = rounded === undefined ? part : context.draft.add(node.name, "elementwise", { kind: "add" }, [rounded, part]);
  }
  return scaleShift(context, node.name, rounded as number, [1], [low]);
}

/** Lowest and highest number of a clip that is scaled and shifted evenly; undefined for other values. */
function rangeOf({ draft }: Context, y: number): [number, number] | undefined {
  const { x, scale, bias } = draft.scaleShifts.get(y) ?? { x: y, scale: [1], bias: [0] };
  const clip = draft.producer(x);
  if (clip?.op !== "activation" || clip.attrs.kind !== "clip" || scale.length > 1 || bias.length > 1 || (scale[0] as number) <= 0) return undefined;
  const apply = (bound: number) => bound * (scale[0] as number) + (bias[0] as number);
  return [apply(clip.attrs.alpha), apply(clip.attrs.beta)];
}
