// Output stage, tile to bits by per-channel thresholds: bit = (v < threshold) != flip, or levels.ts. Lanes = pixels; bits of up to
// 32 channels are gathered in a register and or-ed into the pixel's word, so groups may share a word.
import { Comparison } from "./comparison";
import { bitOfDot, bitOfValue } from "./element";
import { LayerParams } from "./layer";
import { arePixelsBelow, bitOfLevels } from "./levels";
import { OutputTile } from "./tile";

/** Or the tile's bits into words that were cleared before. */
export function writeBits(layer: LayerParams, tile: OutputTile, comparison: Comparison): void {
  const end = tile.firstFilter + tile.filters;
  let values: u32 = tile.dotsPtr;
  let channel = tile.firstFilter;
  while (channel < end) {
    const wordEnd = min<u32>((channel | 31) + 1, end);
    writeWord(layer, tile, values, channel, wordEnd, comparison);
    values += (wordEnd - channel) * tile.dotBytes;
    channel = wordEnd;
  }
}

/** Or the bits of channels [from, end), which lie in one word, into that word of every pixel. */
function writeWord(layer: LayerParams, tile: OutputTile, values: u32, from: u32, end: u32, comparison: Comparison): void {
  const pixels: u32 = tile.pixels;
  const dotBytes: u32 = tile.dotBytes;
  const pixelBytes: u32 = tile.pixelBytes;
  let out: u32 = tile.outPtr + ((from >> 5) << 2);
  if (ASC_FEATURE_SIMD) {
    const thresholds: u32 = layer.thresholdsPtr;
    const flips: u32 = layer.flipsPtr ? load<u32>(layer.flipsPtr + ((from >> 5) << 2)) & ((u32.MAX_VALUE >> (32 - (end - from))) << (from & 31)) : 0;
    for (let pixel: u32 = 0; pixel < pixels; pixel += 4) {
      let words = i32x4.splat(flips);
      let at = values + (pixel << 2);
      let bit = i32x4.splat(1 << (from & 31));
      for (let channel = from; channel < end; channel++) {
        const value = v128.load(at);
        let isBelow: v128;
        if (comparison == Comparison.LEVELS) isBelow = arePixelsBelow(layer, channel, value, v128.load(tile.sumsPtr + (pixel << 2)));
        else {
          const threshold = v128.load32_splat(thresholds + (channel << 2));
          isBelow = comparison == Comparison.DOTS ? i32x4.lt_s(value, threshold) : f32x4.lt(value, threshold);
        }
        words = v128.xor(words, v128.and(isBelow, bit));
        bit = i32x4.shl(bit, 1);
        at += dotBytes;
      }
      const left = pixels - pixel;
      orWord(out, i32x4.extract_lane(words, 0));
      if (left > 1) orWord(out + pixelBytes, i32x4.extract_lane(words, 1));
      if (left > 2) orWord(out + 2 * pixelBytes, i32x4.extract_lane(words, 2));
      if (left > 3) orWord(out + 3 * pixelBytes, i32x4.extract_lane(words, 3));
      out += 4 * pixelBytes;
    }
  } else {
    for (let pixel: u32 = 0; pixel < pixels; pixel++) {
      let word: u32 = 0;
      let at = values + (pixel << 2);
      for (let channel = from; channel < end; channel++) {
        word |= bitOf(layer, channel, at, tile.sumsPtr + (pixel << 2), comparison) << (channel & 31);
        at += dotBytes;
      }
      orWord(out, word);
      out += pixelBytes;
    }
  }
}

// @ts-ignore: decorator
@inline
function bitOf(layer: LayerParams, channel: u32, at: u32, sum: u32, comparison: Comparison): u32 {
  if (comparison == Comparison.DOTS) return bitOfDot(layer, channel, load<i32>(at));
  if (comparison == Comparison.LEVELS) return bitOfLevels(layer, channel, load<f32>(at), load<f32>(sum));
  return bitOfValue(layer, channel, load<f32>(at));
}

// @ts-ignore: decorator
@inline
function orWord(ptr: u32, word: u32): void {
  store<u32>(ptr, load<u32>(ptr) | word);
}
