// Real values to packed bits: a comparison per element and a transpose from channel planes to channels last.
import { shareStart, sharesRows } from "../../share";
import { BinarizeParams } from "./params";

/** The threshold of all channels where a layer has none, a vector wide. */
const ZEROS: usize = memory.data(16, 16);

/**
 * Computes   bit c of y[n, p] = (x[n, c, p] < threshold[c]) != flip[c].
 * Operands   input: f32 NCHW, `pixels` elements a plane.  output: bits NHW[Cw], unused high bits 0.
 *            thresholds: f32[C], or absent (0).  flips: u32[Cw] or absent (0).
 * Tile       SIMD: 16 pixels x 32 channels; one lane holds one pixel's word. Channels go from high to low:
 *
 *                           threshold[c]  4 times
 *            x[c, p..p+15]  m0 m1 m2 m3   -1 where below     acc_i = acc_i + acc_i - m_i
 *
 *            then 4 pixels x 32 channels, then single words. With one pixel, 4 channels at a time by their sign mask.
 * Requires   nothing of alignment.
 * Bounds     each of at most 32 steps shifts one bit into a 32-bit lane: none is lost.
 * See        Larq Compute Engine @ e6860fc, core/bitpacking; papers page 3.2.
 */
export function binarize_f32b1(params: usize, part: u32, parts: u32): void {
  const p = changetype<BinarizeParams>(params);
  const planeBytes: usize = p.pixels << 2;
  const words = (p.channels + 31) >> 5;
  const pixelBytes: usize = words << 2;
  const thresholdStep: usize = p.thresholdsPtr ? 4 : 0;
  const isRows = words < parts || sharesRows(p.pixels, parts);
  const first: u32 = isRows ? shareStart(p.pixels, 16, part, parts) : 0;
  const end = isRows ? shareStart(p.pixels, 16, part + 1, parts) : p.pixels;
  const firstChannel: u32 = isRows ? 0 : shareStart(words, 1, part, parts) << 5;
  const endChannel: u32 = isRows ? p.channels : min(p.channels, shareStart(words, 1, part + 1, parts) << 5);
  if (first == end) return;
  let image: usize = p.inputPtr + (first << 2);
  let to = (p.outputPtr as usize) + pixelBytes * first;
  for (let n: u32 = 0; n < p.batch; n++, image += planeBytes * p.channels, to += pixelBytes * p.pixels) {
    for (let c = firstChannel; c < endChannel; c += 32) {
      const taken = min<u32>(32, p.channels - c);
      const flips = (p.flipsPtr ? load<u32>(p.flipsPtr + (c >>> 3)) : 0) & (0xffffffff >>> (32 - taken));
      let thresholds = ZEROS;
      if (p.thresholdsPtr) thresholds = p.thresholdsPtr + (c << 2);
      const from = image + planeBytes * c;
      const toWord = to + (c >>> 3);
      if (ASC_FEATURE_SIMD) {
        if (p.pixels == 1) store<u32>(toWord, packChannels(from, thresholds, thresholdStep, taken) ^ flips);
        else packPlanes(from, planeBytes, thresholds, thresholdStep, taken, flips, toWord, pixelBytes, end - first);
      } else {
        for (let pixel: usize = 0; pixel < end - first; pixel++) {
          store<u32>(toWord + pixel * pixelBytes, packWord(from + (pixel << 2), planeBytes, thresholds, thresholdStep, taken) ^ flips);
        }
      }
    }
  }
}

/** One pixel's word: bit k says whether channel k is below its threshold. */
// @ts-ignore: decorator
@inline
function packWord(from: usize, planeBytes: usize, thresholds: usize, thresholdStep: usize, channels: u32): u32 {
  let word: u32 = 0;
  for (let c: u32 = 0; c < channels; c++, from += planeBytes, thresholds += thresholdStep) {
    word |= ((load<f32>(from) < load<f32>(thresholds)) as u32) << c;
  }
  return word;
}

/** The same for channels that lie side by side. */
// @ts-ignore: decorator
@inline
function packChannels(from: usize, thresholds: usize, thresholdStep: usize, channels: u32): u32 {
  let word: u32 = 0;
  let c: u32 = 0;
  for (; c + 4 <= channels; c += 4, from += 16, thresholds += 4 * thresholdStep) {
    word |= (i32x4.bitmask(f32x4.lt(v128.load(from), v128.load(thresholds))) as u32) << c;
  }
  for (; c < channels; c++, from += 4, thresholds += thresholdStep) word |= ((load<f32>(from) < load<f32>(thresholds)) as u32) << c;
  return word;
}

// @ts-ignore: decorator
@inline
function packPlanes(
  from: usize, planeBytes: usize, thresholds: usize, thresholdStep: usize, channels: u32, flips: u32, to: usize, pixelBytes: usize, pixels: usize,
): void {
  const flipLanes = i32x4.splat(flips);
  const lastPlane = planeBytes * (channels - 1);
  const lastThreshold = thresholds + thresholdStep * (channels - 1);
  let pixel: usize = 0;
  // The last group may overlap the one before: packing a pixel twice is cheaper than a scalar tail.
  for (; pixel < pixels && pixels >= 16; pixel += 16) {
    pixel = min(pixel, pixels - 16);
    let acc0 = i32x4.splat(0);
    let acc1 = acc0;
    let acc2 = acc0;
    let acc3 = acc0;
    let at = from + (pixel << 2) + lastPlane;
    for (let left = channels, threshold = lastThreshold; left; left--, threshold -= thresholdStep, at -= planeBytes) {
      const t = v128.load32_splat(threshold);
      acc0 = i32x4.sub(i32x4.add(acc0, acc0), f32x4.lt(v128.load(at), t));
      acc1 = i32x4.sub(i32x4.add(acc1, acc1), f32x4.lt(v128.load(at, 16), t));
      acc2 = i32x4.sub(i32x4.add(acc2, acc2), f32x4.lt(v128.load(at, 32), t));
      acc3 = i32x4.sub(i32x4.add(acc3, acc3), f32x4.lt(v128.load(at, 48), t));
    }
    storeWords(v128.xor(acc0, flipLanes), to + pixel * pixelBytes, pixelBytes);
    storeWords(v128.xor(acc1, flipLanes), to + (pixel + 4) * pixelBytes, pixelBytes);
    storeWords(v128.xor(acc2, flipLanes), to + (pixel + 8) * pixelBytes, pixelBytes);
    storeWords(v128.xor(acc3, flipLanes), to + (pixel + 12) * pixelBytes, pixelBytes);
  }
  for (; pixel < pixels && pixels >= 4; pixel += 4) {
    pixel = min(pixel, pixels - 4);
    let acc = i32x4.splat(0);
    let at = from + (pixel << 2) + lastPlane;
    for (let left = channels, threshold = lastThreshold; left; left--, threshold -= thresholdStep, at -= planeBytes) {
      acc = i32x4.sub(i32x4.add(acc, acc), f32x4.lt(v128.load(at), v128.load32_splat(threshold)));
    }
    storeWords(v128.xor(acc, flipLanes), to + pixel * pixelBytes, pixelBytes);
  }
  for (; pixel < pixels; pixel++) {
    store<u32>(to + pixel * pixelBytes, packWord(from + (pixel << 2), planeBytes, thresholds, thresholdStep, channels) ^ flips);
  }
}

/** Store four pixels' words. */
// @ts-ignore: decorator
@inline
function storeWords(words: v128, to: usize, pixelBytes: usize): void {
  if (pixelBytes == 4) {
    v128.store(to, words);
    return;
  }
  v128.store_lane<u32>(to, words, 0);
  v128.store_lane<u32>(to + pixelBytes, words, 1);
  v128.store_lane<u32>(to + 2 * pixelBytes, words, 2);
  v128.store_lane<u32>(to + 3 * pixelBytes, words, 3);
}
