// Weights of the Winograd convolution, transformed once: U = G w G' for every filter and channel.
//
//       | 1    0    0  |
//   G = | 1/2  1/2  1/2|      table: f32 [ceil(O / 4)][16][I][4 filters], filters that do not exist are 0
//       | 1/2 -1/2  1/2|
//       | 0    0    1  |
import { Conv2dParams } from "./params";

/** Positions of a transformed tile. */
const POSITIONS: u32 = 16;

/**
 * Computes   U[f] = G w[f] G', as drawn.
 * Operands   weights: f32 OHWI, 3 x 3. table: f32, as drawn.
 * Tile       4 filters.
 * Requires   a 3 x 3 window, one group.
 * Bounds     |U| <= 2.25 max |w|; exact for whole numbers below 2^22.
 * See        conv2d_f32_winograd4_4x8; Lavin and Gray, arXiv:1509.09308.
 */
export function conv2d_setup_winograd4(params: usize): void {
  const p = changetype<Conv2dParams>(params);
  const channels = p.inChannels;
  const positionBytes = channels << 4;
  const filterBytes = (9 * channels) << 2;
  for (let f: u32 = 0; f < p.outChannels; f += 4) {
    let to = p.lutPtr + (f >> 2) * POSITIONS * positionBytes;
    let from = p.weightsPtr + f * filterBytes;
    // Filters that do not exist are read as the last one and cleared.
    const last = p.outChannels - 1 - f;
    const step1 = min<u32>(1, last) * filterBytes;
    const step2 = min<u32>(2, last) * filterBytes;
    const step3 = min<u32>(3, last) * filterBytes;
    const mask = i32x4.gt_s(i32x4.splat(last as i32), i32x4(-1, 0, 1, 2));
    for (const end = from + (channels << 2); from < end; from += 4, to += 16) {
      for (let i: u32 = 0; i < 4; i++) {
        const left = combine(from, step1, step2, step3, channels << 2, i);
        const middle = combine(from + (channels << 2), step1, step2, step3, channels << 2, i);
        const right = combine(from + (channels << 3), step1, step2, step3, channels << 2, i);
        const sides = f32x4.add(left, right);
        const row = to + (i << 2) * positionBytes;
        v128.store(row, v128.and(left, mask));
        v128.store(row + positionBytes, v128.and(f32x4.mul(f32x4.add(sides, middle), f32x4.splat(0.5)), mask));
        v128.store(row + 2 * positionBytes, v128.and(f32x4.mul(f32x4.sub(sides, middle), f32x4.splat(0.5)), mask));
        v128.store(row + 3 * positionBytes, v128.and(right, mask));
      }
    }
  }
}

/** Multiply a column of three weights, `tapBytes` from tap to tap, with row `i` of G, for four filters. */
// @ts-ignore: decorator
@inline
function combine(from: u32, step1: u32, step2: u32, step3: u32, tapBytes: u32, i: u32): v128 {
  const bottom = from + 6 * tapBytes;
  if (i == 0) return gather(from, step1, step2, step3);
  if (i == 3) return gather(bottom, step1, step2, step3);
  const ends = f32x4.add(gather(from, step1, step2, step3), gather(bottom, step1, step2, step3));
  const middle = gather(from + 3 * tapBytes, step1, step2, step3);
  return f32x4.mul(i == 1 ? f32x4.add(ends, middle) : f32x4.sub(ends, middle), f32x4.splat(0.5));
}

// @ts-ignore: decorator
@inline
function gather(from: u32, step1: u32, step2: u32, step3: u32): v128 {
  return v128.load32_lane(from + step3, v128.load32_lane(from + step2, v128.load32_lane(from + step1, v128.load32_zero(from), 1), 2), 3);
}
