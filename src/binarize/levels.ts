// Finds the one or two values a filter's weights take. The exporters leave rounding noise of about 1e-7
// (docs/binary-math.md, section 2), so values are compared with a relative tolerance and levels are means.

/** Weights are `low` or `high`; equal when the filter is constant. */
export interface Levels {
  low: number;
  high: number;
}

/** Find the levels of one filter; undefined when there are more than two. */
export function findLevels(filter: Float32Array, tolerance: number): Levels | undefined {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const weight of filter) {
    low = Math.min(low, weight);
    high = Math.max(high, weight);
  }
  const slack = tolerance * Math.max(Math.abs(low), Math.abs(high));
  if (high - low <= slack) {
    const level = mean(filter);
    return { low: level, high: level };
  }
  const isLow = (weight: number) => weight - low <= slack;
  if (!filter.every((weight) => isLow(weight) || high - weight <= slack)) return undefined;
  return { low: mean(filter.filter(isLow)), high: mean(filter.filter((weight) => !isLow(weight))) };
}

/** True when one magnitude describes both levels: w = +-alpha, or a constant. */
export function isSymmetric({ low, high }: Levels, tolerance: number): boolean {
  return low === high || Math.abs(low + high) <= tolerance * Math.max(Math.abs(low), Math.abs(high));
}

/** Count values that differ by more than the tolerance; stops at `limit`. For messages. */
export function countLevels(filter: Float32Array, tolerance: number, limit: number): number {
  const sorted = filter.slice().sort();
  const slack = tolerance * Math.max(Math.abs(sorted[0] ?? 0), Math.abs(sorted[sorted.length - 1] ?? 0));
  let count = 0;
  let start = Number.NEGATIVE_INFINITY;
  for (const weight of sorted) {
    if (weight - start <= slack) continue;
    start = weight;
    count++;
    if (count === limit) break;
  }
  return count;
}

function mean(numbers: Float32Array): number {
  return numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
}
