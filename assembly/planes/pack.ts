// Bits NHW[Cw], or real values of which it takes the bits, to pair planes, a word of 32 channels of a phase at a time: first a copy of its
// words with the padding in it, in the order of positions; then 16 words and the 16 words D further on become 32 vectors of pair bytes.
import { Conv2dParams } from "../ops/conv2d/params";
import { packWords } from "../pack/words";
import { shareStart } from "../share";
import { countBands, countPhases, countPlanes, firstInBand, firstInside, firstOfPhase, lastRow, pairDistance, planeVectors, rowStride } from "./geometry";

/** 16 times 0x0F, and 0x11: loaded, because V8 builds constants anew at each use. */
const LOW_NIBBLES: usize = memory.data<u64>([0x0f0f0f0f0f0f0f0f, 0x0f0f0f0f0f0f0f0f], 16);
const LOW_BITS: usize = memory.data<u64>([0x1111111111111111, 0x1111111111111111], 16);

/** Pack this part's share of the words of all bands; `flat`: the thread's u32[2 planeBytes], then a word of every input pixel if the input is real. */
export function packPlanes(p: Conv2dParams, planes: usize, flat: usize, part: u32, parts: u32): void {
  const stride = rowStride(p);
  const distance = pairDistance(p, stride);
  const vectors = planeVectors(p, stride, distance);
  const words = (p.inChannels + 31) >> 5;
  const count = countPlanes(p);
  const phasesW = countPhases(p.kernelW, p.strideW);
  const phases = countPhases(p.kernelH, p.strideH) * phasesW;
  const bands = countBands(p);
  const pixelBytes = p.inputIsReal ? 4 : words << 2;
  const units = p.batch * bands * words;
  const end = shareStart(units, 1, part + 1, parts);
  for (let unit = shareStart(units, 1, part, parts); unit < end; unit++) {
    const word = unit % words;
    const band = unit / words;
    const firstRow = (band % bands) * p.bandRows;
    let image: usize = p.inputPtr + (((band / bands) * p.inHeight * p.inWidth * words + word) << 2);
    if (p.inputIsReal) {
      image = flat + (p.planeBytes << 3);
      takeSigns(p, band / bands, word << 5, firstRow, image);
    }
    const pad = p.padValue >= 0 ? 0 : word + 1 < words ? u32.MAX_VALUE : u32.MAX_VALUE >> ((0 - p.inChannels) & 31);
    const first = word << 5;
    const channels = min(32, count - first);
    let to = planes + (band * phases * count + first) * p.planeBytes;
    for (let phase: u32 = 0; phase < phases; phase++, to += count * p.planeBytes) {
      const firstY = firstOfPhase(phase / phasesW, p.kernelH, p.strideH, p.dilationH);
      const firstX = firstOfPhase(phase % phasesW, p.kernelW, p.strideW, p.dilationW);
      placeWords(p, image, pixelBytes, firstRow, firstY, firstX, stride, pad, flat, vectors * 16 + distance);
      spreadWords(flat, distance, vectors, to, channels, p.planeBytes);
      // A group may reach past the last word.
      if (word + 1 == words && first + channels < count) memory.fill(to + 32 * p.planeBytes, 0, (count - first - 32) * p.planeBytes);
    }
  }
}

/** Binarize channels [channel, channel + 32) of the rows of image `item` that a band sees: a word a pixel, each where it lies in the image. */
function takeSigns(p: Conv2dParams, item: u32, channel: u32, firstRow: u32, to: usize): void {
  const y = firstRow * p.strideH;
  const first = y - min(y, p.padTop);
  const bottom = (firstRow + p.bandRows + lastRow(p)) * p.strideH;
  const end = min(p.inHeight, bottom - min(bottom, p.padTop));
  if (first >= end) return;
  const pixels = p.inHeight * p.inWidth;
  const from = p.inputPtr + ((item * p.inChannels * pixels + first * p.inWidth) << 2);
  const taken = (end - first) * p.inWidth;
  packWords(from, pixels << 2, p.signThresholdsPtr, p.signFlipsPtr, channel, p.inChannels, to + ((first * p.inWidth) << 2), 4, taken);
}

/** Copy one word of every pixel of a band's phase to its position; `pad` elsewhere. */
function placeWords(
  p: Conv2dParams, image: usize, pixelBytes: u32, firstRow: u32, firstY: u32, firstX: u32, stride: u32, pad: u32, flat: usize, positions: u32,
): void {
  const fill = i32x4.splat(pad);
  for (let at = flat, end = flat + (positions << 2); at < end; at += 16) v128.store(at, fill);
  const rows = p.bandRows + lastRow(p);
  const column = firstInside(firstX, p.padLeft, p.strideW);
  const x = column * p.strideW + firstX - p.padLeft;
  if (column >= stride || x >= p.inWidth) return;
  const columns = min(stride - column, (p.inWidth - x - 1) / p.strideW + 1);
  const step = pixelBytes * p.strideW;
  for (let row = firstInBand(firstY, p.padTop, p.strideH, firstRow); row < rows; row++) {
    const y = (firstRow + row) * p.strideH + firstY - p.padTop;
    if (y >= p.inHeight) return;
    let from = image + (y * p.inWidth + x) * pixelBytes;
    let to = flat + ((row * stride + column) << 2);
    const end = to + (columns << 2);
    for (; to + 16 <= end; to += 16, from += 4 * step) {
      store<u32>(to, load<u32>(from));
      store<u32>(to, load<u32>(from + step), 4);
      store<u32>(to, load<u32>(from + 2 * step), 8);
      store<u32>(to, load<u32>(from + 3 * step), 12);
    }
    for (; to < end; to += 4, from += step) store<u32>(to, load<u32>(from));
  }
}

/** Turn words into `channels` planes, a multiple of 8. */
function spreadWords(flat: usize, distance: u32, vectors: u32, to: usize, channels: u32, planeBytes: u32): void {
  for (const end = to + (vectors << 4); to < end; to += 16, flat += 64) {
    const far = flat + (distance << 2);
    const a01 = lowBytes(flat);
    const a23 = highBytes(flat);
    const a45 = lowBytes(flat + 32);
    const a67 = highBytes(flat + 32);
    const b01 = lowBytes(far);
    const b23 = highBytes(far);
    const b45 = lowBytes(far + 32);
    const b67 = highBytes(far + 32);
    spreadBytes(v128.shuffle<u64>(a01, a45, 0, 2), v128.shuffle<u64>(b01, b45, 0, 2), to, planeBytes);
    if (channels > 8) spreadBytes(v128.shuffle<u64>(a01, a45, 1, 3), v128.shuffle<u64>(b01, b45, 1, 3), to + 8 * planeBytes, planeBytes);
    if (channels > 16) spreadBytes(v128.shuffle<u64>(a23, a67, 0, 2), v128.shuffle<u64>(b23, b67, 0, 2), to + 16 * planeBytes, planeBytes);
    if (channels > 24) spreadBytes(v128.shuffle<u64>(a23, a67, 1, 3), v128.shuffle<u64>(b23, b67, 1, 3), to + 24 * planeBytes, planeBytes);
  }
}

/** Bytes 0 of eight words, then bytes 1. */
// @ts-ignore: decorator
@inline
function lowBytes(words: usize): v128 {
  return v128.shuffle<u8>(v128.load(words), v128.load(words, 16), 0, 4, 8, 12, 16, 20, 24, 28, 1, 5, 9, 13, 17, 21, 25, 29);
}

/** Bytes 2 of eight words, then bytes 3. */
// @ts-ignore: decorator
@inline
function highBytes(words: usize): v128 {
  return v128.shuffle<u8>(v128.load(words), v128.load(words, 16), 2, 6, 10, 14, 18, 22, 26, 30, 3, 7, 11, 15, 19, 23, 27, 31);
}

/** Eight channels of 16 pixels and of the 16 pixels they are paired with, to eight planes. */
// @ts-ignore: decorator
@inline
function spreadBytes(near: v128, far: v128, to: usize, planeBytes: usize): void {
  const low = v128.load(LOW_NIBBLES);
  const bits = v128.load(LOW_BITS);
  const first = v128.bitselect(near, i16x8.shl(far, 4), low);
  const last = v128.bitselect(i16x8.shr_u(near, 4), far, low);
  v128.store(to, v128.and(first, bits));
  v128.store((to += planeBytes), v128.and(i16x8.shr_u(first, 1), bits));
  v128.store((to += planeBytes), v128.and(i16x8.shr_u(first, 2), bits));
  v128.store((to += planeBytes), v128.and(i16x8.shr_u(first, 3), bits));
  v128.store((to += planeBytes), v128.and(last, bits));
  v128.store((to += planeBytes), v128.and(i16x8.shr_u(last, 1), bits));
  v128.store((to += planeBytes), v128.and(i16x8.shr_u(last, 2), bits));
  v128.store((to += planeBytes), v128.and(i16x8.shr_u(last, 3), bits));
}
