// Real values of up to 32 channel planes to one word a pixel: bit k = (x < threshold[c + k]) != flip[c + k], unused high bits 0.
//
// SIMD: 16 pixels x 32 channels; one lane holds one pixel's word. Channels go from high to low:
//
//                threshold[c]  4 times
//   x[c, p..15]  m0 m1 m2 m3   -1 where below     acc_i = acc_i + acc_i - m_i
//
// then 4 pixels x 32 channels, then single words. Where a plane is one pixel, 4 channels at a time by their sign mask.

/** The threshold of all channels where a layer has none, a vector wide. */
const ZEROS: usize = memory.data(16, 16);

/**
 * Pack channels [c, c + 32) of `channels` at `pixels` pixels, words `pixelBytes` apart. `planes`: channel 0 of the first pixel. thresholdsPtr:
 * f32[channels], or 0: all are 0. flipsPtr: u32[words], or 0.
 */
export function packWords(
  planes: usize, planeBytes: usize, thresholdsPtr: usize, flipsPtr: usize, c: u32, channels: u32, to: usize, pixelBytes: usize, pixels: usize,
): void {
  const taken = min<u32>(32, channels - c);
  const flips = (flipsPtr ? load<u32>(flipsPtr + (c >>> 3)) : 0) & (0xffffffff >>> (32 - taken));
  const step: usize = thresholdsPtr ? 4 : 0;
  const thresholds: usize = thresholdsPtr ? thresholdsPtr + (c << 2) : ZEROS;
  const from = planes + planeBytes * c;
  if (ASC_FEATURE_SIMD) {
    if (planeBytes == 4) store<u32>(to, packChannels(from, thresholds, step, taken) ^ flips);
    else packPlanes(from, planeBytes, thresholds, step, taken, flips, to, pixelBytes, pixels);
  } else {
    for (let pixel: usize = 0; pixel < pixels; pixel++) {
      store<u32>(to + pixel * pixelBytes, packWord(from + (pixel << 2), planeBytes, thresholds, step, taken) ^ flips);
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
