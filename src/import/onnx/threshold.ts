// Turning comparisons into binarize nodes. bit = (x < threshold) != flip, and bit 1 is -1.
import { LoadError } from "../../graph/errors.ts";
import { countWords } from "../../graph/graph.ts";
import type { Context } from "./context.ts";
import type { Condition } from "./operand.ts";

/** The smallest positive float: x >= it means x > 0. */
export const ABOVE_ZERO = floatAbove(0);

/** Add a binarize node that gives +1 where the condition holds and -1 elsewhere. */
export function binarize(context: Context, name: string, condition: Condition): number {
  const bits = addBinarize(context, name, condition);
  context.draft.conditions.set(bits, condition);
  return bits;
}

/** The same with +1 and -1 the other way round in some channels. */
export function binarizeTurned(context: Context, name: string, condition: Condition, turned: readonly boolean[]): number {
  return addBinarize(context, name, condition, turned);
}

function addBinarize(context: Context, name: string, { x, thresholds, isNegated }: Condition, turned: readonly boolean[] = []): number {
  if (context.shape(x).length < 2) {
    throw new LoadError(
      "unsupported",
      `takes the sign of a value of shape [${context.shape(x)}]; only values with a batch and channels have signs here`,
      name,
    );
  }
  const isPlain = !isNegated && turned.length === 0;
  if (isPlain && thresholds.every((value) => value === 0)) return context.draft.add(name, "binarize", {}, [x]);
  const channels = context.shape(x)[1] as number;
  const flips = isPlain ? undefined : packBits(channels, (channel) => isNegated !== (turned[channel] === true));
  return context.draft.add(name, "binarize", { thresholds: { values: context.spread(name, thresholds, channels), flips } }, [x]);
}

/** Bit c = channel c. */
function packBits(channels: number, isSet: (channel: number) => boolean): Uint32Array {
  const words = new Uint32Array(countWords(channels));
  for (let channel = 0; channel < channels; channel++) {
    if (isSet(channel)) words[channel >> 5] = (words[channel >> 5] as number) | (1 << (channel & 31));
  }
  return words;
}

/** The smallest float that is >= value. */
export function floatAtLeast(value: number): number {
  const rounded = Math.fround(value);
  return rounded < value ? nextFloat(rounded) : rounded;
}

/** The smallest float that is > value. */
export function floatAbove(value: number): number {
  const rounded = Math.fround(value);
  return rounded > value ? rounded : nextFloat(rounded);
}

function nextFloat(value: number): number {
  if (value === 0) return 2 ** -149;
  if (value === Number.POSITIVE_INFINITY || Number.isNaN(value)) return value;
  const float = Float32Array.of(value);
  const bits = new Int32Array(float.buffer);
  bits[0] = (bits[0] as number) + (value > 0 ? 1 : -1);
  return float[0] as number;
}
