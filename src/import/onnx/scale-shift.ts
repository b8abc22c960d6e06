// y = scale x + bias with constants: an affine node. Several in a row become one, one that changes nothing none.
import { zipChannels } from "./channels.ts";
import type { Context } from "./context.ts";
import { binarize } from "./threshold.ts";

/** Multiply and add per channel (or one number for all); returns the resulting value. */
export function scaleShift(context: Context, name: string, input: number, scale: readonly number[], bias: readonly number[]): number {
  const { draft } = context;
  const before = draft.scaleShifts.get(input);
  if (before !== undefined) {
    const shifted = zipChannels(scale, before.bias, (s, b) => s * b);
    return scaleShift(
      context,
      name,
      before.x,
      zipChannels(scale, before.scale, (s, t) => s * t),
      zipChannels(shifted, bias, (s, b) => s + b),
    );
  }
  const condition = draft.conditions.get(input);
  if (condition !== undefined && !draft.zeroSigns.has(input) && scale.every((value) => value < 0)) {
    const positive = scale.map((value) => -value);
    const opposite = binarize(context, name, { ...condition, isNegated: !condition.isNegated });
    return scaleShift(context, name, opposite, positive, bias);
  }
  if (scale.every((value) => value === 1) && bias.every((value) => value === 0)) return input;
  const shape = draft.shape(input);
  if (shape.length < 2) return withoutChannels(context, name, input, scale[0] as number, bias[0] as number);
  const channels = shape[1] as number;
  const output = draft.add(name, "affine", { scale: context.spread(name, scale, channels), bias: context.spread(name, bias, channels) }, [input]);
  draft.scaleShifts.set(output, { x: input, scale, bias });
  return output;
}

/** Values of rank 0 and 1 have no channel axis: there, two element-wise nodes do it. */
function withoutChannels(context: Context, name: string, input: number, scale: number, bias: number): number {
  const { draft } = context;
  const stored = (value: number) => draft.addValue("", [1], 1, Float32Array.of(value));
  const scaled = scale === 1 ? input : draft.add(name, "elementwise", { kind: "mul" }, [input, stored(scale)]);
  return bias === 0 ? scaled : draft.add(name, "elementwise", { kind: "add" }, [scaled, stored(bias)]);
}
