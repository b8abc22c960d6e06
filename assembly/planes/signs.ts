// Counts of a tile straight to bits, 16 positions and 8 filters a vector of bytes: (D < threshold) != flip with 16-bit thresholds for sign
// weights, (p u + q v < t) != flip for two-level weights, whose lines (lines.ts) give the same bits as the output stage.
import { Conv2dParams } from "../ops/conv2d/params";
import { isUneven, LutTable } from "./blocks";
import { LINE_BYTES } from "./lines";
import { COUNT_BYTES } from "./look-up";

/**
 * Write a word of up to 32 filters at every pixel of a run that begins in column x, at most `most`. `sums`: counts of S, with two levels.
 * `words`: 64 bytes of scratch.
 */
export function writeSigns(
  p: Conv2dParams, words: u32, out: u32, pixelBytes: u32, first: u32, filters: u32,
  base: u32, positions: u32, counts: u32, sums: u32, x: u32, most: u32,
): void {
  const table = changetype<LutTable>(p.lutPtr);
  const flips = i32x4.splat(p.flipsPtr ? load<u32>(p.flipsPtr + ((first >> 5) << 2)) & (u32.MAX_VALUE >> (32 - filters)) : 0);
  const stride = table.rowStride;
  for (let i: u32 = 0; i < positions; i += 16, base += 32, counts += 32, sums += 32) {
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
  if (p.betaPtr) {
    return isUneven(p)
      ? compareLevels(p, first, filters, counts, sums, near, far, true)
      : compareLevels(p, first, filters, counts, sums, near, far, false);
  }
  let thresholds = changetype<LutTable>(p.lutPtr).comparedPtr + (first << 1);
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

/** The same for two levels: p u + q v < t, with u = count and v = the count of S; uneven: u = depth - D, v = depth - S. */
// @ts-ignore: decorator
@inline
function compareLevels(p: Conv2dParams, first: u32, filters: u32, counts: u32, sums: u32, near: v128, far: v128, toSteps: bool): v128 {
  const depth = i16x8.splat((p.kernelH * p.kernelW * p.inChannels) as i16);
  const missingNear = i16x8.sub(depth, near);
  const missingFar = i16x8.sub(depth, far);
  const v0 = stepsOf(sums, missingNear, toSteps);
  const v1 = stepsOf(sums + 16, missingFar, toSteps);
  let line = changetype<LutTable>(p.lutPtr).comparedPtr + first * LINE_BYTES;
  let bits = i8x16.splat(0);
  let bit = i8x16.splat(1);
  for (let f = min(8, filters); f > 0; f--, counts += COUNT_BYTES, line += LINE_BYTES) {
    const factors = v128.load32_splat(line);
    const t = v128.load32_splat(line, 4);
    const below0 = belowLine(stepsOf(counts, missingNear, toSteps), v0, factors, t);
    const below1 = belowLine(stepsOf(counts + 16, missingFar, toSteps), v1, factors, t);
    bits = v128.or(bits, v128.and(i8x16.narrow_i16x8_s(below0, below1), bit));
    bit = i8x16.add(bit, bit);
  }
  return bits;
}

/** u, or v, of eight positions. */
// @ts-ignore: decorator
@inline
function stepsOf(counts: u32, missing: v128, toSteps: bool): v128 {
  const count = v128.load(counts);
  return toSteps ? i16x8.add(missing, i16x8.add(count, count)) : count;
}

// @ts-ignore: decorator
@inline
function belowLine(u: v128, v: v128, factors: v128, t: v128): v128 {
  const low = i32x4.dot_i16x8_s(v128.shuffle<u16>(u, v, 0, 8, 1, 9, 2, 10, 3, 11), factors);
  const high = i32x4.dot_i16x8_s(v128.shuffle<u16>(u, v, 4, 12, 5, 13, 6, 14, 7, 15), factors);
  return i16x8.narrow_i32x4_s(i32x4.lt_s(low, t), i32x4.lt_s(high, t));
}

/** D of eight positions. */
// @ts-ignore: decorator
@inline
function dotsOf(base: v128, counts: u32): v128 {
  const count = v128.load(counts);
  return i16x8.sub(base, i16x8.add(count, count));
}
