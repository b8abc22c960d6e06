// Weights of the Winograd convolution by seven points, transformed once: U = G w G' for every filter, channel and phase. w: the taps of a
// phase, R x R; taps that a window does not have are 0.
//
//   row of z, -z:     | 1  z  zz  zzz  zzzz | / n   n = 2 z (zz - qq) (zz - rr)   q, r: the other two of a = 1/4, b = 7/8, c = 7/4
//   row of infinity:  | 0  ..         1     |       all rows have R columns; the 1 is in the last of them
//   table: f32 [ceil(O / 4)][49][phases x channels][4 filters], filters that do not exist are 0. Phases go row by row, but column by column at
//   positions of infinity across, and those that such a position does not see come last
import { Conv2dParams } from "./params";
import { countDepth, countPhases } from "./winograd-rows";

/** Positions of a transformed tile. */
const POSITIONS: u32 = 49;

/**
 * Computes   U[f] = G w[f] G', as drawn, phase by phase.
 * Operands   weights: f32 OHWI, K x K. table: f32, as drawn.
 * Tile       4 filters.
 * Requires   a square window, stride and dilation 1 down as across, one group.
 * Bounds     |U| <= 3.1 max |w|; error <= 2^-23 |U| a tap.
 * See        conv2d_f32_winograd7_4x8; Lavin and Gray, arXiv:1509.09308.
 */
export function conv2d_setup_winograd7(params: usize): void {
  const p = changetype<Conv2dParams>(params);
  const channels = p.inChannels;
  const kernel = p.kernelH;
  const stride = p.strideH;
  const phases = countPhases(p);
  const taps = (kernel + stride - 1) / stride;
  const positionBytes = countDepth(p) << 4;
  const fours = (p.outChannels + 3) >> 2;
  memory.fill(p.lutPtr, 0, fours * POSITIONS * positionBytes);
  const filterBytes = (kernel * kernel * channels) << 2;
  for (let f: u32 = 0; f < p.outChannels; f++) {
    const weights = p.weightsPtr + f * filterBytes;
    const table = p.lutPtr + (f >> 2) * POSITIONS * positionBytes + ((f & 3) << 2);
    for (let y: u32 = 0; y < kernel; y++) {
      for (let x: u32 = 0; x < kernel; x++) {
        const down = ((y % stride) * phases + (x % stride)) * channels;
        const across = ((x % stride) * phases + (y % stride)) * channels;
        const from = weights + (((y * kernel + x) * channels) << 2);
        let to = table;
        for (let i: u32 = 0; i < 7; i++) {
          const scale = factorOf(i, y / stride, taps);
          for (let j: u32 = 0; j < 7; j++, to += positionBytes) {
            addScaled(from, channels, scale * factorOf(j, x / stride, taps), to + ((j == 6 ? across : down) << 4));
          }
        }
      }
    }
  }
}

/** Row `point`, column `tap` of G. */
function factorOf(point: u32, tap: u32, taps: u32): f32 {
  if (point == 6) return tap == taps - 1 ? 1 : 0;
  const pair = point >> 1;
  const z: f32 = pair == 0 ? 0.25 : pair == 1 ? 0.875 : 1.75;
  const q: f32 = pair == 0 ? 0.875 : pair == 1 ? 1.75 : 0.25;
  const r: f32 = pair == 0 ? 1.75 : pair == 1 ? 0.25 : 0.875;
  let factor: f32 = 1 / (2 * z * (z * z - q * q) * (z * z - r * r));
  for (; tap > 0; tap--) factor *= point & 1 ? -z : z;
  return factor;
}

/** Add a tap's weights of every channel, scaled, to a position. */
// @ts-ignore: decorator
@inline
function addScaled(from: u32, channels: u32, scale: f32, to: u32): void {
  for (const end = from + (channels << 2); from < end; from += 4, to += 16) store<f32>(to, load<f32>(to) + load<f32>(from) * scale);
}
