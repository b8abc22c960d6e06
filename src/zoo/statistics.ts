// What a value is like, channel by channel: the mean and variance it would have over many pictures, if its elements
// were independent and normal. They are not, but that is near enough for batch-norms that keep a random net alive.

export interface Statistics {
  means: Float64Array;
  variances: Float64Array;
}

/** Normalised pictures. */
export function standard(channels: number): Statistics {
  return { means: new Float64Array(channels), variances: new Float64Array(channels).fill(1) };
}

export function mapStatistics(
  { means, variances }: Statistics,
  change: (mean: number, deviation: number) => [mean: number, variance: number],
): Statistics {
  const changed = Array.from(means, (mean, channel) => change(mean, Math.sqrt(variances[channel] as number)));
  return { means: Float64Array.from(changed, ([mean]) => mean), variances: Float64Array.from(changed, ([, variance]) => variance) };
}

export function rectified(mean: number, deviation: number): [number, number] {
  const z = mean / deviation;
  const density = Math.exp(-(z ** 2) / 2) / Math.sqrt(2 * Math.PI);
  const first = mean * below(z) + deviation * density;
  const second = (mean ** 2 + deviation ** 2) * below(z) + mean * deviation * density;
  return [first, Math.max(second - first ** 2, 0)];
}

export function signed(mean: number, deviation: number): [number, number] {
  const level = 2 * below(mean / deviation) - 1;
  return [level, 1 - level ** 2];
}

/** Neighbours in a window are alike, so that it holds about as many independent values as it is wide. */
export function pooledMaximum(kernel: number): (mean: number, deviation: number) => [number, number] {
  return (mean, deviation) => [mean + deviation * Math.sqrt(Math.log(kernel)), deviation ** 2 / 2];
}

export function pooledAverage(kernel: number): (mean: number, deviation: number) => [number, number] {
  return (mean, deviation) => [mean, deviation ** 2 / kernel];
}

export function added(a: Statistics, b: Statistics): Statistics {
  return {
    means: a.means.map((mean, channel) => mean + (b.means[channel] as number)),
    variances: a.variances.map((variance, channel) => variance + (b.variances[channel] as number)),
  };
}

export function joined(parts: readonly Statistics[]): Statistics {
  return {
    means: Float64Array.from(parts.flatMap(({ means }) => [...means])),
    variances: Float64Array.from(parts.flatMap(({ variances }) => [...variances])),
  };
}

/** The normal distribution function, to 0.01. */
function below(z: number): number {
  return 1 / (1 + Math.exp(-1.702 * z));
}
