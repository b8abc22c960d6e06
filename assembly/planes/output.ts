// Counts of a tile to outputs: D = base - 2 count. A tile's counts lie in two runs of positions; without the dropped columns a run is a run
// of consecutive output pixels. Integer thresholds are compared 16 positions at a time, right here; all else goes to the output stage.
import { OutputTile } from "../output/tile";
import { writeTile } from "../output/write";
import { Conv2dParams } from "../ops/conv2d/params";
import { LutTable } from "./blocks";
import { COUNT_BYTES } from "./look-up";

/** Bytes from filter to filter of the dots handed to the output stage: 32 pixels, and what the last vector writes past them. */
// @ts-ignore: decorator
@inline export const DOT_BYTES: u32 = 144;

/** Write the outputs of up to 32 filters at `positions` positions from `position` on; `sums`: counts of S. */
export function writeRun(
  p: Conv2dParams, tile: OutputTile, image: u32, first: u32, filters: u32, position: u32, positions: u32, counts: u32, sums: u32,
): void {
  const table = changetype<LutTable>(p.lutPtr);
  const stride = table.rowStride;
  const outPixels = p.outHeight * p.outWidth;
  let y = position / stride;
  let x = position - y * stride;
  if (x >= p.outWidth) {
    const skipped = stride - x;
    if (skipped >= positions) return;
    position += skipped;
    positions -= skipped;
    counts += skipped << 1;
    sums += skipped << 1;
    x = 0;
    y++;
  }
  if (y >= p.outHeight) return;
  const toBits = p.thresholdsPtr != 0;
  const pixel = y * p.outWidth + x;
  if (toBits && p.betaPtr == 0) {
    const words = p.outputPtr + (image * outPixels + pixel) * tile.pixelBytes + ((first >> 5) << 2);
    writeSigns(p, tile, words, first, filters, position, positions, counts, x, outPixels - pixel);
    return;
  }
  const pixels = compactDots(p, tile.dotsPtr, counts, filters, table.basePtr, position, positions, x, outPixels - pixel);
  if (p.betaPtr) compactDots(p, tile.sumsPtr, sums, 1, table.basePtr, position, positions, x, outPixels - pixel);
  tile.pixels = pixels;
  tile.firstFilter = first;
  tile.filters = filters;
  const at = image * outPixels + pixel;
  tile.scalesPtr = p.scalePtr ? p.scalePtr + (at << 2) : 0;
  tile.outPtr = toBits ? p.outputPtr + at * tile.pixelBytes : p.outputPtr + (((image * p.outChannels + first) * outPixels + pixel) << 2);
  if (toBits) {
    let word = tile.outPtr + ((first >> 5) << 2);
    for (let i: u32 = 0; i < pixels; i++, word += tile.pixelBytes) store<u32>(word, 0);
  }
  writeTile(p, tile, false);
}

/** Write D of every filter as f32, without the dropped columns, at most `most`; returns how many. */
function compactDots(p: Conv2dParams, dots: u32, counts: u32, filters: u32, base: u32, position: u32, positions: u32, x: u32, most: u32): u32 {
  const dropped = changetype<LutTable>(p.lutPtr).rowStride - p.outWidth;
  let pixels: u32 = 0;
  let at: u32 = 0;
  let run = p.outWidth - x;
  while (at < positions && pixels < most) {
    run = min(run, min(positions - at, most - pixels));
    const end = run << 1;
    const bases = base + ((position + at) << 1);
    let from = counts + (at << 1);
    let to = dots + (pixels << 2);
    for (let f = filters; f > 0; f--, from += COUNT_BYTES, to += DOT_BYTES) {
      for (let i: u32 = 0; i < end; i += 8) {
        const count = v128.load(from + i, 0);
        const dot = i16x8.sub(v128.load(bases + i), i16x8.add(count, count));
        v128.store(to + (i << 1), f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(dot)));
      }
    }
    pixels += run;
    at += run + dropped;
    run = p.outWidth;
  }
  return pixels;
}

/** Compare D of up to 32 filters with thresholds of 16 bits; write a word of every pixel, at most `most`. */
function writeSigns(
  p: Conv2dParams, tile: OutputTile, out: u32, first: u32, filters: u32, position: u32, positions: u32, counts: u32, x: u32, most: u32,
): void {
  const table = changetype<LutTable>(p.lutPtr);
  const thresholds = table.thresholdsPtr + (first << 1);
  const flips = i32x4.splat(p.flipsPtr ? load<u32>(p.flipsPtr + ((first >> 5) << 2)) & (u32.MAX_VALUE >> (32 - filters)) : 0);
  const stride = table.rowStride;
  const words = tile.dotsPtr;
  const pixelBytes = tile.pixelBytes;
  for (let i: u32 = 0; i < positions; i += 16, counts += 32) {
    const base = table.basePtr + ((position + i) << 1);
    const near = v128.load(base);
    const far = v128.load(base, 16);
    const byte0 = compareByte(counts, thresholds, filters, near, far);
    const byte1 = filters > 8 ? compareByte(counts + 8 * COUNT_BYTES, thresholds + 16, filters - 8, near, far) : i8x16.splat(0);
    const byte2 = filters > 16 ? compareByte(counts + 16 * COUNT_BYTES, thresholds + 32, filters - 16, near, far) : i8x16.splat(0);
    const byte3 = filters > 24 ? compareByte(counts + 24 * COUNT_BYTES, thresholds + 48, filters - 24, near, far) : i8x16.splat(0);
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

/** One byte a position: bit f is D < threshold of filter f. */
function compareByte(counts: u32, thresholds: u32, filters: u32, near: v128, far: v128): v128 {
  let bits = i8x16.splat(0);
  let bit = i8x16.splat(1);
  for (let f = min(8, filters); f > 0; f--, counts += COUNT_BYTES, thresholds += 2) {
    const threshold = v128.load16_splat(thresholds);
    const count0 = v128.load(counts);
    const count1 = v128.load(counts, 16);
    const below0 = i16x8.lt_s(i16x8.sub(near, i16x8.add(count0, count0)), threshold);
    const below1 = i16x8.lt_s(i16x8.sub(far, i16x8.add(count1, count1)), threshold);
    bits = v128.or(bits, v128.and(i8x16.narrow_i16x8_s(below0, below1), bit));
    bit = i8x16.add(bit, bit);
  }
  return bits;
}
