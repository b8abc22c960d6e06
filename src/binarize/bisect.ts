// Finds where a monotone yes/no question changes its answer, over integers or over the float32 numbers in order.
// One mechanism for every threshold: nothing is solved by division, so nothing is off by one at ties, and it does not
// matter what the chain of functions behind the question is, as long as it is monotone.

/** bit = (v < value) != flip; bit 0 means +1. */
export interface Threshold {
  value: number;
  flip: boolean;
}

/** Find the threshold over the integers `low..high`. A constant answer gives `low`, below which nothing lies. */
export function findThreshold(low: number, high: number, isPlus: (v: number) => boolean): Threshold {
  const flip = isPlus(low);
  if (isPlus(high) === flip) return { value: low, flip: !flip };
  let [same, changed] = [low, high];
  while (changed - same > 1) {
    const middle = Math.floor((same + changed) / 2);
    if (isPlus(middle) === flip) same = middle;
    else changed = middle;
  }
  return { value: changed, flip };
}

/** Bits of the largest finite float32; as a key, its rank among the numbers from 0 up. */
const LARGEST_KEY = 0x7f7fffff;

/** Find the threshold over all finite float32 numbers. */
export function findFloatThreshold(isPlus: (v: number) => boolean): Threshold {
  const { value, flip } = findThreshold(-LARGEST_KEY, LARGEST_KEY, (key) => isPlus(floatOf(key)));
  return { value: floatOf(value), flip };
}

/** The float32 number with this rank: ..., -1 = the largest below 0, 0 = 0, 1 = the smallest above, ... */
function floatOf(key: number): number {
  const word = new Float32Array(Uint32Array.of(Math.abs(key)).buffer);
  return key < 0 ? -(word[0] ?? 0) : (word[0] ?? 0);
}
