// Counts of a tile straight to f32, a line of neighbouring pixels at a time, where neither an epilogue nor a scale per pixel follows: with a
// residual, memory takes as long as a second walk, so all else goes through the output stage. y is made by its operations, in its order.
import { biasOf, dotFactor, sumFactor } from "../output/element";
import { storeRest } from "../output/floats";
import { Conv2dParams } from "../ops/conv2d/params";
import { COUNT_BYTES } from "./look-up";

/** Write `pixels` outputs of `filters` filters from `out` on. `bases`: f32[pixels], D without differences. `sums`: f32[pixels], S, with two levels. */
export function writeReals(p: Conv2dParams, out: u32, first: u32, filters: u32, bases: u32, sums: u32, counts: u32, pixels: u32): void {
  if (p.betaPtr) writeRows(p, out, first, filters, bases, sums, counts, pixels, true);
  else writeRows(p, out, first, filters, bases, sums, counts, pixels, false);
}

// @ts-ignore: decorator
@inline
function writeRows(p: Conv2dParams, out: u32, first: u32, filters: u32, bases: u32, sums: u32, counts: u32, pixels: u32, hasSums: bool): void {
  const planeBytes = (p.outHeight * p.outWidth) << 2;
  const end = (pixels & ~3) << 2;
  for (const last = first + filters; first < last; first++, counts += COUNT_BYTES, out += planeBytes) {
    const factor = f32x4.splat(dotFactor(p, first));
    const sumFactors = f32x4.splat(hasSums ? sumFactor(p, first) : 0);
    const bias = f32x4.splat(biasOf(p, first));
    let at: u32 = 0;
    for (; at + 64 <= end; at += 64) {
      const to = out + at;
      v128.store(to, realsOf(counts, bases, sums, at, factor, sumFactors, bias, hasSums));
      v128.store(to, realsOf(counts, bases, sums, at + 16, factor, sumFactors, bias, hasSums), 16);
      v128.store(to, realsOf(counts, bases, sums, at + 32, factor, sumFactors, bias, hasSums), 32);
      v128.store(to, realsOf(counts, bases, sums, at + 48, factor, sumFactors, bias, hasSums), 48);
    }
    for (; at < end; at += 16) v128.store(out + at, realsOf(counts, bases, sums, at, factor, sumFactors, bias, hasSums));
    storeRest(out + at, realsOf(counts, bases, sums, at, factor, sumFactors, bias, hasSums), pixels & 3);
  }
}

/** Four outputs; `at`: bytes of f32 from the first pixel. */
// @ts-ignore: decorator
@inline
function realsOf(counts: u32, bases: u32, sums: u32, at: u32, factor: v128, sumFactors: v128, bias: v128, hasSums: bool): v128 {
  const count = f32x4.convert_i32x4_s(v128.load16x4_s(counts + (at >> 1)));
  let value = f32x4.mul(f32x4.sub(v128.load(bases + at), f32x4.add(count, count)), factor);
  if (hasSums) value = f32x4.add(value, f32x4.mul(v128.load(sums + at), sumFactors));
  return f32x4.add(value, bias);
}
