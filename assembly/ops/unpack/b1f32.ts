// Packed bits to real values: a transpose from channels last to channel planes. A bit becomes the sign bit of 1.0.
import { shareStart } from "../../share";
import { UnpackParams } from "./params";

// The f32 1.0 as bits; with the sign bit it is -1.0.
const ONE: u32 = 0x3f800000;
const SIGN: u32 = 0x80000000;

/**
 * Computes   y[n, c, p] = bit c of x[n, p] ? -1 : +1.
 * Operands   input: bits NHW[Cw].  output: f32 NCHW, `pixels` elements a plane.
 * Tile       SIMD: the words of 4 pixels in one v128, shifted one channel at a time; with one pixel, 4 channels of its word.
 * Requires   nothing of alignment.
 * Bounds     no accumulator.
 * See        docs/layouts.md.
 */
export function unpack_b1f32(params: usize, part: u32, parts: u32): void {
  const p = changetype<UnpackParams>(params);
  const planeBytes: usize = p.pixels << 2;
  const pixelBytes: usize = ((p.channels + 31) >>> 5) << 2;
  const first = shareStart(p.pixels, 4, part, parts);
  const end = shareStart(p.pixels, 4, part + 1, parts);
  let image: usize = p.inputPtr;
  let to: usize = p.outputPtr;
  for (let n: u32 = 0; n < p.batch; n++, image += pixelBytes * p.pixels) {
    for (let c: u32 = 0; c < p.channels; c += 32) {
      const taken = min<u32>(32, p.channels - c);
      let from = image + (c >>> 3) + pixelBytes * first;
      let pixel = first;
      if (ASC_FEATURE_SIMD) {
        if (p.pixels == 1 && pixel < end) {
          unpackChannels(load<u32>(from), to, taken);
          pixel = 1;
        }
        for (; pixel + 4 <= end; pixel += 4, from += 4 * pixelBytes) unpackFour(loadWords(from, pixelBytes), to + (pixel << 2), planeBytes, taken);
      }
      for (; pixel < end; pixel++, from += pixelBytes) {
        let word = load<u32>(from);
        let at = to + (pixel << 2);
        for (let k: u32 = 0; k < taken; k++, at += planeBytes, word >>>= 1) store<u32>(at, (word << 31) | ONE);
      }
      to += planeBytes * taken;
    }
  }
}

// @ts-ignore: decorator
@inline
function unpackFour(words: v128, to: usize, planeBytes: usize, channels: u32): void {
  for (let k: u32 = 0; k < channels; k++, to += planeBytes) {
    v128.store(to, v128.or(i32x4.shl(words, 31), i32x4.splat(ONE)));
    words = i32x4.shr_u(words, 1);
  }
}

// @ts-ignore: decorator
@inline
function unpackChannels(word: u32, to: usize, channels: u32): void {
  let c: u32 = 0;
  for (; c + 4 <= channels; c += 4, to += 16, word >>>= 4) {
    const tests = v128.and(i32x4.splat(word), i32x4(1, 2, 4, 8));
    const isSet = i32x4.ne(tests, i32x4.splat(0));
    v128.store(to, v128.or(v128.and(isSet, i32x4.splat(SIGN)), i32x4.splat(ONE)));
  }
  for (; c < channels; c++, to += 4, word >>>= 1) store<u32>(to, (word << 31) | ONE);
}

// @ts-ignore: decorator
@inline
function loadWords(from: usize, pixelBytes: usize): v128 {
  if (pixelBytes == 4) return v128.load(from);
  let words = v128.load32_zero(from);
  words = v128.load_lane<u32>(from + pixelBytes, words, 1);
  words = v128.load_lane<u32>(from + 2 * pixelBytes, words, 2);
  return v128.load_lane<u32>(from + 3 * pixelBytes, words, 3);
}
