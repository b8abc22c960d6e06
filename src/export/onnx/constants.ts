// Constants in the forms that several exporters write them.
import { countElements, countWords, type Numbers, type Value } from "../../graph/graph.ts";
import type { Place } from "./draft.ts";

/** True where the bit of a packed run is 1, that is -1. `index` counts bits. */
export function isSet(words: Numbers, index: number): boolean {
  return (((words[index >> 5] as number) >>> (index & 31)) & 1) === 1;
}

/** One number per channel, in a shape that broadcasts against a value of this rank. */
export function perChannel(place: Place, what: string, values: ArrayLike<number>, rank = place.shape.length): string {
  const dims = [values.length, ...new Array<number>(Math.max(0, rank - 2)).fill(1)];
  return place.constant(what, dims, Float32Array.from(values));
}

export function scalar(place: Place, what: string, value: number): string {
  return place.constant(what, [], Float32Array.of(value));
}

export function integers(place: Place, what: string, values: readonly number[]): string {
  return place.constant(what, [values.length], BigInt64Array.from(values, BigInt));
}

/** A stored value as floats in NCHW. */
export function openConstant({ type, shape }: Value<Numbers>, data: Numbers): Float32Array {
  if (type === "f32") return Float32Array.from(data);
  const channels = shape[1] ?? 1;
  const pixels = countElements(shape.slice(2));
  const runBits = 32 * countWords(channels);
  return Float32Array.from({ length: countElements(shape) }, (_, at) => {
    const image = Math.floor(at / (channels * pixels));
    const channel = Math.floor(at / pixels) % channels;
    return isSet(data, (image * pixels + (at % pixels)) * runBits + channel) ? -1 : 1;
  });
}
