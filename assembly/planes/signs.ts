// Counts of a tile straight to bits, 16 positions and 8 filters a vector of bytes: (D < threshold) != flip with 16-bit thresholds for sign
// weights, (y < threshold) != flip for two-level weights, y by the operations of the output stage in their order.
import { biasOf, dotFactor, sumFactor } from "../output/element";
import { Conv2dParams } from "../ops/conv2d/params";
import { LutTable } from "./blocks";
import { COUNT_BYTES } from "./look-up";

/**
 * Write a word of up to 32 filters at every pixel of a run that begins in column x, at most `most`. `sums`: counts of S, with two levels.
 * `words`: 64 bytes of scratch.
 */
export function writeSigns(
  p: Conv2dParams, words: u32, out: u32, pixelBytes: u32, first: u32, filters: u32,
  position: u32, positions: u32, counts: u32, sums: u32, x: u32, most: u32,
): void {
  const table = changetype<LutTable>(p.lutPtr);
  const flips = i32x4.splat(p.flipsPtr ? load<u32>(p.flipsPtr + ((first >> 5) << 2)) & (u32.MAX_VALUE >> (32 - filters)) : 0);
  const stride = table.rowStride;
  for (let i: u32 = 0; i < positions; i += 16, counts += 32, sums += 32) {
    const base = table.basePtr + ((position + i) << 1);
    const byte0 = compareByte(p, first, filters, counts, sums, base);
    const byte1 = filters > 8 ? compareByte(p, first + 8, filters - 8, counts + 8 * COUNT_BYTES, sums, base) : i8x16.splat(0);
    const byte2 = filters > 16 ? compareByte(p, first + 16, filters - 16, counts + 16 * COUNT_BYTES, sums, base) : i8x16.splat(0);
    const byte3 = filters > 24 ? compareByte(p, first + 24, filters - 24, counts + 24 * COUNT_BYTES, sums, base) : i8x16.splat(0);
    const low0 = v128.shuffle<u8>(byte0, byte1, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const low1 = v128.shuffle<u8>(byte0, byte1, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    const high0 = v128.shuffle<u8>(byte2, byte3, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const high1 = v128.shuffle<u8>(byte2, byte3, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    v128.store(words, v128.xor(flips, v128.shuffle<u16>(low0, high0, 0, 8, 1, 9, 2, 10, 3, 11)));
    v128.store(words, v128.xor(flips, v128.shuffle<u16>(low0, high0, 4, 12, 5, 13, 6, 14, 7, 15)), 16);
    v128.store(words, v128.xor(flips, v128.shuffle<u16>(low1, high1, 0, 8, 1, 9, 2, 10, 3, 11)), 32);
    v128.store(words, v128.xor(flips, v128.shuffle<u16>(low1, high1, 4, 12, 5, 13, 6, 14, 7, 15)), 48);
    for (let word = words, end = words + (min(16, positions - i) << 2); word < end; word += 4) {
      if (x < p.outWidth) {
        store<u32>(out, load<u32>(word));
        out += pixelBytes;
        if (--most == 0) return;
      }
      if (++x == stride) x = 0;
    }
  }
}

/** One byte a position: bit f says that filter f of up to 8 is below its threshold. */
function compareByte(p: Conv2dParams, first: u32, filters: u32, counts: u32, sums: u32, base: u32): v128 {
  const near = v128.load(base);
  const far = v128.load(base, 16);
  if (p.betaPtr) return compareReals(p, first, min(8, filters), counts, sums, near, far);
  let thresholds = changetype<LutTable>(p.lutPtr).thresholdsPtr + (first << 1);
  let bits = i8x16.splat(0);
  let bit = i8x16.splat(1);
  for (let f = min(8, filters); f > 0; f--, counts += COUNT_BYTES, thresholds += 2) {
    const threshold = v128.load16_splat(thresholds);
    const below0 = i16x8.lt_s(dotsOf(near, counts), threshold);
    const below1 = i16x8.lt_s(dotsOf(far, counts + 16), threshold);
    bits = v128.or(bits, v128.and(i8x16.narrow_i16x8_s(below0, below1), bit));
    bit = i8x16.add(bit, bit);
  }
  return bits;
}

/** The same for y = dotFactor D + sumFactor S + bias and thresholds of f32. */
function compareReals(p: Conv2dParams, first: u32, filters: u32, counts: u32, sums: u32, near: v128, far: v128): v128 {
  const sumsNear = dotsOf(near, sums);
  const sumsFar = dotsOf(far, sums + 16);
  const s0 = lowReals(sumsNear);
  const s1 = highReals(sumsNear);
  const s2 = lowReals(sumsFar);
  const s3 = highReals(sumsFar);
  let bits = i8x16.splat(0);
  let bit = i8x16.splat(1);
  for (const end = first + filters; first < end; first++, counts += COUNT_BYTES) {
    const factor = f32x4.splat(dotFactor(p, first));
    const sumFactors = f32x4.splat(sumFactor(p, first));
    const bias = f32x4.splat(biasOf(p, first));
    const threshold = v128.load32_splat(p.thresholdsPtr + (first << 2));
    const dots0 = dotsOf(near, counts);
    const dots1 = dotsOf(far, counts + 16);
    const below0 = f32x4.lt(f32x4.add(f32x4.add(f32x4.mul(lowReals(dots0), factor), f32x4.mul(s0, sumFactors)), bias), threshold);
    const below1 = f32x4.lt(f32x4.add(f32x4.add(f32x4.mul(highReals(dots0), factor), f32x4.mul(s1, sumFactors)), bias), threshold);
    const below2 = f32x4.lt(f32x4.add(f32x4.add(f32x4.mul(lowReals(dots1), factor), f32x4.mul(s2, sumFactors)), bias), threshold);
    const below3 = f32x4.lt(f32x4.add(f32x4.add(f32x4.mul(highReals(dots1), factor), f32x4.mul(s3, sumFactors)), bias), threshold);
    const below = i8x16.narrow_i16x8_s(i16x8.narrow_i32x4_s(below0, below1), i16x8.narrow_i32x4_s(below2, below3));
    bits = v128.or(bits, v128.and(below, bit));
    bit = i8x16.add(bit, bit);
  }
  return bits;
}

/** D of eight positions. */
// @ts-ignore: decorator
@inline
function dotsOf(base: v128, counts: u32): v128 {
  const count = v128.load(counts);
  return i16x8.sub(base, i16x8.add(count, count));
}

// @ts-ignore: decorator
@inline
function lowReals(dots: v128): v128 {
  return f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(dots));
}

// @ts-ignore: decorator
@inline
function highReals(dots: v128): v128 {
  return f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(dots));
}
