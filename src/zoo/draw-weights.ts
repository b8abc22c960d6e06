// Random weights of one layer, as a trained and exported net would have them: floats after He et al., or floats of two
// values per filter. Order is that of the graph: O, taps, I.
import type { Random } from "./random.ts";
import type { Statistics } from "./statistics.ts";

/** What the weights of binary layers are: +-alpha, or alpha and beta. */
export type BinaryWeights = "sign" | "two-level";

export interface Filters {
  filters: number;
  taps: number;
  /** Input channels of a group. */
  channels: number;
  groups: number;
}

/** Draw a layer's weights; `kind` "float" has as many values as weights. */
export function drawWeights(random: Random, { filters, taps, channels }: Filters, kind: BinaryWeights | "float"): Float32Array {
  const perFilter = taps * channels;
  const data = new Float32Array(filters * perFilter);
  if (kind === "float") {
    const limit = Math.sqrt(6 / perFilter);
    for (let i = 0; i < data.length; i++) data[i] = random.float(-limit, limit);
    return data;
  }
  for (let o = 0; o < filters; o++) {
    const high = random.float(0.8, 1.2) / Math.sqrt(perFilter);
    const low = kind === "sign" ? -high : -high * random.float(0.5, 1);
    const end = (o + 1) * perFilter;
    let bits = 0;
    for (let i = o * perFilter; i < end; i++) {
      if (i % 32 === 0 || i === o * perFilter) bits = random.bits();
      data[i] = bits & 1 ? low : high;
      bits >>>= 1;
    }
  }
  return data;
}

/** What the layer makes of its input, filter by filter. A blur's products are alike and do not cancel as random ones do. */
export function weigh(
  data: Float32Array,
  { filters, taps, channels, groups }: Filters,
  { means, variances }: Statistics,
  isBlur = false,
): Statistics {
  const perGroup = filters / groups;
  const made: Statistics = { means: new Float64Array(filters), variances: new Float64Array(filters) };
  let at = 0;
  for (let o = 0; o < filters; o++) {
    const first = Math.floor(o / perGroup) * channels;
    let [mean, variance, deviation] = [0, 0, 0];
    for (let tap = 0; tap < taps; tap++) {
      for (let i = 0; i < channels; i++) {
        const weight = data[at++] as number;
        mean += weight * (means[first + i] as number);
        variance += weight * weight * (variances[first + i] as number);
        deviation += weight * Math.sqrt(variances[first + i] as number);
      }
    }
    made.means[o] = mean;
    made.variances[o] = isBlur ? deviation ** 2 : variance;
  }
  return made;
}
