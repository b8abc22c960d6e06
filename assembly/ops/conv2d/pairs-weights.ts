// Real weights as i16, for inputs on the int8 grid: a number of bits that keeps the sums in i32, and one factor a filter.
//
//   table: factors: f32[O8] | weights: i16 [O8 / 8][kernelH][pairs][8 filters][2]        O8 = O rounded up to 8
//   pairs = ceil(kernelW I / 2): a row of the window is kernelW I neighbouring values; an odd row ends with a weight of 0
import { Conv2dParams } from "./params";

/** Filters that share a run of the table. */
// @ts-ignore: decorator
@inline export const FILTERS: u32 = 8;

/** Return the largest |q - zeroPoint| on the int8 grid, or one more. */
// @ts-ignore: decorator
@inline
function mostOf(p: Conv2dParams): u32 {
  return 128 + (abs(p.inputZeroPoint) as u32);
}

// @ts-ignore: decorator
@inline
export function pairsOf(p: Conv2dParams): u32 {
  return (p.kernelW * p.inChannels + 1) >> 1;
}

// @ts-ignore: decorator
@inline
export function roundFilters(filters: u32): u32 {
  return (filters + FILTERS - 1) & ~(FILTERS - 1);
}

/**
 * Computes   table[f] = round(w[f] * s), factor[f] = 1 / s. s is the largest power of two that keeps |w s| <= M if it makes all weights of
 *            the filter whole, else M / max |w|; M = min(32767, (2^31 - 1) / (X depth)), X = 128 + |zeroPoint|.
 * Operands   weights: f32 OHWI. table: as drawn.
 * Tile       none; scalar.
 * Requires   one group.
 * Bounds     weights are off by 0.5 max |w| / M at most: 2^-16 max |w| up to X depth = 2^16, 2^-15 up to 2^17. |sum| <= X M depth < 2^31.
 * See        conv2d_i8f32f32_pairs_4x8.
 */
export function conv2d_setup_pairs(params: usize): void {
  const p = changetype<Conv2dParams>(params);
  const filters = roundFilters(p.outChannels);
  const row = p.kernelW * p.inChannels;
  const depth = p.kernelH * row;
  const stepBytes = FILTERS << 2;
  const groupBytes = p.kernelH * pairsOf(p) * stepBytes;
  const table = p.lutPtr + (filters << 2);
  memory.fill(table, 0, (filters / FILTERS) * groupBytes);
  for (let f: u32 = 0; f < filters; f++) {
    const isReal = f < p.outChannels;
    let from = p.weightsPtr + ((f * depth) << 2);
    const scale: f32 = isReal ? scaleOf(from, depth, mostOf(p) * depth) : 1;
    store<f32>(p.lutPtr + (f << 2), 1 / scale);
    if (!isReal) continue;
    let to = table + (f / FILTERS) * groupBytes + ((f % FILTERS) << 2);
    for (let ky: u32 = 0; ky < p.kernelH; ky++) {
      for (let i: u32 = 0; i < row; i++, from += 4) {
        store<i16>(to + (i >> 1) * stepBytes + ((i & 1) << 1), nearest<f32>(load<f32>(from) * scale) as i16);
      }
      to += pairsOf(p) * stepBytes;
    }
  }
}

/** Return what a filter's weights are multiplied with; `most` is the sum of inputs in steps. */
function scaleOf(weights: u32, depth: u32, most: u32): f32 {
  const limit = min<u32>(i16.MAX_VALUE, (i32.MAX_VALUE as u32) / most) as f32;
  let largest: f32 = 0;
  for (let i: u32 = 0; i < depth; i++) largest = max(largest, abs(load<f32>(weights + (i << 2))));
  // A filter of zeros, or of what is no number or next to none.
  if (!(largest > 1e-30 && largest < 1e30)) return 1;
  // Rounded down, so that the largest weight never rounds up past the limit.
  const finest = (limit / largest) * (1 - (2.0 ** -22 as f32));
  const power = reinterpret<f32>(reinterpret<u32>(limit / largest) & 0x7f800000);
  for (let i: u32 = 0; i < depth; i++) {
    const scaled = load<f32>(weights + (i << 2)) * power;
    if (nearest<f32>(scaled) != scaled) return finest;
  }
  return power;
}
