// Approximates one filter of real weights by one bit a weight, or a few, in double precision: what binarization costs, and
// what it makes. Takes finite weights; the caller refuses others, for it knows the layer's name.
// Sources: docs/binary-math.md, section 10; arXiv 1603.05279 (sign), arXiv 1804.02941 (two levels).

/** `low` where a mask has 1, `high` where it has 0. */
export interface Approximation {
  low: number;
  high: number;
  /** One entry a weight, 1 at the low level. */
  mask: Uint8Array;
  /** Sum of squared differences from the weights. */
  squaredError: number;
}

/** Weights as +-alpha with alpha = mean |w|. An exact zero counts as negative, as in the papers' code. */
export function approximateBySign(filter: Float32Array): Approximation {
  let sum = 0;
  for (const weight of filter) sum += Math.abs(weight);
  const alpha = filter.length === 0 ? 0 : sum / filter.length;
  return measure(
    filter,
    Uint8Array.from(filter, (weight) => (weight > 0 ? 0 : 1)),
    -alpha,
    alpha,
  );
}

/** The two levels and the mask of least squared error. Among equals the fewest high weights win, and lower indices are high first. */
export function approximateByTwoLevels(filter: Float32Array): Approximation {
  const n = filter.length;
  const order = sortDescending(filter);
  const mean = n === 0 ? 0 : sumOf(filter) / n;
  // Sums of w - mean make the objective c^2 (1/k + 1/(n - k)): nothing large cancels.
  let sum = 0;
  let best = 0;
  let highCount = n;
  for (let k = 1; k < n; k++) {
    sum += (filter[order[k - 1] as number] as number) - mean;
    const gain = sum * sum * (1 / k + 1 / (n - k));
    if (gain <= best || filter[order[k - 1] as number] === filter[order[k] as number]) continue;
    best = gain;
    highCount = k;
  }
  const mask = new Uint8Array(n);
  for (let k = highCount; k < n; k++) mask[order[k] as number] = 1;
  const high = meanWhere(filter, mask, 0);
  return measure(filter, mask, highCount === n ? high : meanWhere(filter, mask, 1), high);
}

/**
 * Two levels as the released training code of arXiv 1804.02941 finds them, for its checkpoints: the objective divides by k and
 * n - k + 1; of both sort orders the one with the larger best index names the threshold, and only weights above it are high.
 * Levels are sums of magnitudes over counts in which zeros are never high, so they are off where the threshold is not 0.
 */
export function approximateByReleasedTwoLevels(filter: Float32Array): Approximation {
  const descending = Array.from(sortDescending(filter), (index) => filter[index] as number);
  const ascending = [...descending].reverse();
  const fromHigh = findReleasedIndex(descending);
  const fromLow = findReleasedIndex(ascending);
  const threshold = (fromHigh >= fromLow ? descending[fromHigh] : ascending[fromLow]) ?? 0;
  const mask = Uint8Array.from(filter, (weight) => (weight > threshold ? 0 : 1));
  let high = 0;
  let low = 0;
  let highCount = 0;
  filter.forEach((weight, i) => {
    if (mask[i] === 1) low += Math.abs(weight);
    else {
      high += Math.abs(weight);
      if (weight !== 0) highCount++;
    }
  });
  const lowCount = filter.length - highCount;
  return measure(filter, mask, lowCount === 0 ? 0 : -low / lowCount, highCount === 0 ? 0 : high / highCount);
}

/** A sum of sign filters, plane by plane. */
export interface Planes {
  planes: { alpha: number; mask: Uint8Array }[];
  squaredError: number;
}

/** Approximate by `count` planes: each takes the signs of what the planes before leave, with the mean magnitude of that as scale. */
export function approximateByPlanes(filter: Float32Array, count: number): Planes {
  const rest = Float64Array.from(filter);
  const planes: Planes["planes"] = [];
  for (let plane = 0; plane < count; plane++) {
    const mask = Uint8Array.from(rest, (value) => (value > 0 ? 0 : 1));
    let sum = 0;
    for (const value of rest) sum += Math.abs(value);
    const alpha = rest.length === 0 ? 0 : sum / rest.length;
    for (let i = 0; i < rest.length; i++) rest[i] = (rest[i] as number) + (mask[i] === 1 ? alpha : -alpha);
    planes.push({ alpha, mask });
  }
  return { planes, squaredError: rest.reduce((sum, value) => sum + value * value, 0) };
}

/**
 * Approximate by integers of so many bits, as planes whose scales halve: the weights are rounded to 2^bits evenly spaced numbers around 0, the
 * largest magnitude at the end. For a layer whose size matters and whose time does not, such as the classifier of many classes.
 */
export function approximateByBits(filter: Float32Array, bits: number): Planes {
  const most = 2 ** bits - 1;
  const unit = filter.reduce((largest, weight) => Math.max(largest, Math.abs(weight)), 0) / most;
  // w is near unit (2 code - most), and 2 code - most is the sum of +-2^k, + where bit k is set.
  const codes = Array.from(filter, (weight) => (unit === 0 ? 0 : Math.min(most, Math.max(0, Math.round((weight / unit + most) / 2)))));
  const planes = Array.from({ length: bits }, (_, bit) => {
    return { alpha: unit * 2 ** (bits - 1 - bit), mask: Uint8Array.from(codes, (code) => ((code >> (bits - 1 - bit)) & 1) ^ 1) };
  });
  const squaredError = filter.reduce((sum, weight, i) => sum + (weight - unit * (2 * (codes[i] as number) - most)) ** 2, 0);
  return { planes, squaredError };
}

/** Indices from the largest weight to the smallest; equal ones in their order. */
function sortDescending(filter: Float32Array): Uint32Array {
  return Uint32Array.from(filter, (_, index) => index).sort((a, b) => (filter[b] as number) - (filter[a] as number) || a - b);
}

/** Index of the released code's best objective; the first of equals. */
function findReleasedIndex(sorted: readonly number[]): number {
  const n = sorted.length;
  const total = sumOf(sorted);
  let sum = 0;
  let best = Number.NEGATIVE_INFINITY;
  let index = 0;
  for (let k = 1; k <= n; k++) {
    sum += sorted[k - 1] as number;
    const objective = (sum * sum) / k + (total - sum) ** 2 / (n - k + 1);
    if (objective <= best) continue;
    best = objective;
    index = k - 1;
  }
  return index;
}

function measure(filter: Float32Array, mask: Uint8Array, low: number, high: number): Approximation {
  let squaredError = 0;
  for (let i = 0; i < filter.length; i++) squaredError += ((filter[i] as number) - (mask[i] === 1 ? low : high)) ** 2;
  return { low, high, mask, squaredError };
}

function meanWhere(filter: Float32Array, mask: Uint8Array, bit: number): number {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < filter.length; i++) {
    if (mask[i] !== bit) continue;
    sum += filter[i] as number;
    count++;
  }
  return count === 0 ? 0 : sum / count;
}

function sumOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] as number;
  return sum;
}
