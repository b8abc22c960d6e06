// One f32 plane through the average pool that most networks have: 2 x 2 pixels, side by side, none of them padding. SIMD build only; the
// additions are those of average-plane.ts in their order, and to multiply by 1/4 is to divide by 4, to the bit.
import { PoolParams } from "./params";

/** True for windows of 2 x 2 that tile the input, and for lines of at least one vector. */
export function canHalve(p: PoolParams): bool {
  const isSquare = p.kernelH == 2 && p.kernelW == 2 && p.strideH == 2 && p.strideW == 2 && p.dilationH == 1 && p.dilationW == 1;
  return isSquare && (p.padTop | p.padLeft) == 0 && p.outHeight << 1 <= p.inHeight && p.outWidth << 1 <= p.inWidth && p.outWidth >= 4;
}

/** Mean of each window. */
export function halvePlane(p: PoolParams, input: usize, output: usize): void {
  const rowBytes: usize = p.inWidth << 2;
  const outBytes: usize = p.outWidth << 2;
  const outEnd = output + (p.outHeight as usize) * outBytes;
  const last = outBytes - 16;
  for (; output < outEnd; output += outBytes, input += 2 * rowBytes) {
    for (let at: usize = 0; at < last; at += 16) halveFour(input + 2 * at, rowBytes, output + at);
    // The last four may overlap the four before: writing a value twice is cheaper than a scalar tail.
    halveFour(input + 2 * last, rowBytes, output + last);
  }
}

// @ts-ignore: decorator
@inline
function halveFour(from: usize, rowBytes: usize, to: usize): void {
  const above0 = v128.load(from);
  const above1 = v128.load(from, 16);
  const below0 = v128.load(from + rowBytes);
  const below1 = v128.load(from + rowBytes, 16);
  const even = f32x4.add(f32x4.splat(0), v128.shuffle<f32>(above0, above1, 0, 2, 4, 6));
  const above = f32x4.add(even, v128.shuffle<f32>(above0, above1, 1, 3, 5, 7));
  const left = f32x4.add(above, v128.shuffle<f32>(below0, below1, 0, 2, 4, 6));
  v128.store(to, f32x4.mul(f32x4.add(left, v128.shuffle<f32>(below0, below1, 1, 3, 5, 7)), f32x4.splat(0.25)));
}
