// Input rows of a block of Winograd tiles, one channel and phase at a time: with stride S, phase (i, j) of a channel is the image of its
// pixels S y + i, S x + j, on which taps S a + i, S b + j of the window slide at stride 1.
import { Conv2dParams } from "./params";

/** Phases a window reaches: rows, and columns, of them. */
// @ts-ignore: decorator
@inline
export function countPhases(p: Conv2dParams): u32 {
  return min(p.strideH, p.kernelH);
}

/** Inputs of the Winograd product: channels times phases. */
// @ts-ignore: decorator
@inline
export function countDepth(p: Conv2dParams): u32 {
  return p.inChannels * countPhases(p) * countPhases(p);
}

/** Of the phases of a row or column, those that have all R taps: the positions of infinity see no others. */
// @ts-ignore: decorator
@inline
export function countWhole(p: Conv2dParams): u32 {
  return (p.kernelH - 1) % p.strideH + 1;
}

/** Inputs of the product at positions of infinity. */
// @ts-ignore: decorator
@inline
export function countEdgeDepth(p: Conv2dParams): u32 {
  return p.inChannels * countPhases(p) * countWhole(p);
}

/** Copy `rows` rows of a phase, from its row `first` on, to rows of `rowBytes` with zeros where the image ends. */
export function copyPhase(p: Conv2dParams, plane: u32, phaseY: u32, phaseX: u32, first: u32, rows: u32, to: u32, rowBytes: u32): void {
  memory.fill(to, 0, rows * rowBytes);
  const stride = p.strideW;
  // Columns of the phase that lie in the image.
  const left = (phaseX - p.padLeft) as i32;
  const column = left < 0 ? ((-left) as u32 + stride - 1) / stride : 0;
  const source = plane + ((left + (column * stride) as i32) << 2);
  const width = (p.inWidth as i32) - left;
  const end = width > 0 ? min(((width as u32) + stride - 1) / stride, rowBytes >> 2) : 0;
  let y = (first * p.strideH + phaseY - p.padTop) as i32;
  for (let row: u32 = 0; row < rows; row++, y += p.strideH as i32, to += rowBytes) {
    if (y < 0 || y >= (p.inHeight as i32) || column >= end) continue;
    const from = source + y * (p.inWidth << 2);
    if (stride == 1) copyFloats(from, to + (column << 2), to + (end << 2));
    else copyEvery(from, stride << 2, to + (column << 2), to + (end << 2));
  }
}

// @ts-ignore: decorator
@inline
function copyFloats(from: u32, to: u32, end: u32): void {
  for (; to + 16 <= end; from += 16, to += 16) v128.store(to, v128.load(from));
  for (; to < end; from += 4, to += 4) store<f32>(to, load<f32>(from));
}

// @ts-ignore: decorator
@inline
function copyEvery(from: u32, step: u32, to: u32, end: u32): void {
  if (step == 8) for (; to + 16 <= end; from += 32, to += 16) v128.store(to, v128.shuffle<f32>(v128.load(from), v128.load(from, 16), 0, 2, 4, 6));
  for (; to < end; from += step, to += 4) store<f32>(to, load<f32>(from));
}
