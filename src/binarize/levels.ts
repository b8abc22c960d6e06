// Finds the one or two values a filter's weights take. The exporters leave rounding noise of about 1e-7
// (docs/binary-math.md, section 2), so values are compared with a relative tolerance and levels are means.

/** Exporters leave noise of about 1e-7 on binary weights; the narrowest gap worth telling apart is far above 1e-5. */
export const DEFAULT_TOLERANCE = 1e-5;

/** Filters with fewer weights than this have two values by accident. */
export const LEAST_WEIGHTS = 3;

/** Weights are `low` or `high`; equal when the filter is constant. */
export interface Levels {
  low: number;
  high: number;
}

/** Find the levels of one filter; undefined when there are more than two. */
export function findLevels(filter: Float32Array, tolerance: number): Levels | undefined {
  // Plain loops: a large net has tens of millions of weights.
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < filter.length; i++) {
    const weight = filter[i] as number;
    if (weight < low) low = weight;
    if (weight > high) high = weight;
  }
  const slack = tolerance * Math.max(Math.abs(low), Math.abs(high));
  let lowSum = 0;
  let highSum = 0;
  let lowCount = 0;
  for (let i = 0; i < filter.length; i++) {
    const weight = filter[i] as number;
    if (weight - low <= slack) {
      lowSum += weight;
      lowCount++;
    } else {
      if (!(high - weight <= slack)) return undefined;
      highSum += weight;
    }
  }
  const highCount = filter.length - lowCount;
  if (highCount === 0) return { low: lowSum / lowCount, high: lowSum / lowCount };
  return { low: lowSum / lowCount, high: highSum / highCount };
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
