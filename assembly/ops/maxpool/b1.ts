// Max pool of packed bits. Bit 1 is -1, so a maximum is an AND, and a minimum (for channels whose batch
// normalisation had a negative scale before it was folded) an OR. With the mask m, both are ((x ^ m) AND ...) ^ m.
import { findFirstTap, findTapEnd } from "../../pools/taps";
import { shareStart } from "../../share";
import { MaxpoolParams } from "./params";

/**
 * Computes   y[n, i, j, w] = m[w] ^ AND over the window's taps inside the input of (x[n, tap, w] ^ m[w]), m = 0 without a mask.
 * Operands   input: bits NHW[Cw].  output: bits NHW[Cw], apart from input.  minMask: u32[Cw].
 * Tile       four words (128 channels) of a pixel in one v128 in the SIMD build, then single words.
 * Requires   every window has a tap inside the input.
 * Bounds     no accumulator; unused high bits: 0 ^ m AND ... ^ m is 0 whatever m holds there.
 * See        dabnn @ d93aa95, binary max pool; papers page 3.2.
 */
export function maxpool_b1(params: usize, part: u32, parts: u32): void {
  const p = changetype<MaxpoolParams>(params);
  const pixelBytes: usize = p.channelWords << 2;
  const rowBytes = pixelBytes * p.inWidth;
  const tapBytes = pixelBytes * p.dilationW;
  const tapRowBytes = rowBytes * p.dilationH;
  const rows = p.planes * p.outHeight;
  const first = shareStart(rows, 1, part, parts);
  const end = shareStart(rows, 1, part + 1, parts);
  let to = (p.outputPtr as usize) + pixelBytes * first * p.outWidth;
  for (let at = first; at < end; at++) {
    const n = at / p.outHeight;
    const row = at - n * p.outHeight;
    const image = (p.inputPtr as usize) + rowBytes * n * p.inHeight;
    const startY = (row * p.strideH - p.padTop) as i32;
    const firstY = findFirstTap(startY, p.dilationH, 0);
    const lines = findTapEnd(startY, p.kernelH, p.dilationH, p.inHeight) - firstY;
    const line = image + (startY as usize) * rowBytes + (firstY as usize) * tapRowBytes;
    for (let column: u32 = 0; column < p.outWidth; column++, to += pixelBytes) {
      const startX = (column * p.strideW - p.padLeft) as i32;
      const firstX = findFirstTap(startX, p.dilationW, 0);
      const taps = findTapEnd(startX, p.kernelW, p.dilationW, p.inWidth) - firstX;
      poolPixel(line + (startX as usize) * pixelBytes + (firstX as usize) * tapBytes, lines, tapRowBytes, taps, tapBytes, to, pixelBytes, p.minMaskPtr);
    }
  }
}

// @ts-ignore: decorator
@inline
function poolPixel(
  from: usize, lines: i32, lineBytes: usize, taps: i32, tapBytes: usize, to: usize, pixelBytes: usize, minMask: usize,
): void {
  let offset: usize = 0;
  if (ASC_FEATURE_SIMD) {
    for (; offset + 16 <= pixelBytes; offset += 16) {
      const mask = minMask ? v128.load(minMask + offset) : i32x4.splat(0);
      let acc = i32x4.splat(-1);
      let line = from + offset;
      for (let y = 0; y < lines; y++, line += lineBytes) {
        let tap = line;
        for (let x = 0; x < taps; x++, tap += tapBytes) acc = v128.and(acc, v128.xor(v128.load(tap), mask));
      }
      v128.store(to + offset, v128.xor(acc, mask));
    }
  }
  for (; offset < pixelBytes; offset += 4) {
    const mask: u32 = minMask ? load<u32>(minMask + offset) : 0;
    let acc: u32 = 0xffffffff;
    let line = from + offset;
    for (let y = 0; y < lines; y++, line += lineBytes) {
      let tap = line;
      for (let x = 0; x < taps; x++, tap += tapBytes) acc &= load<u32>(tap) ^ mask;
    }
    store<u32>(to + offset, acc ^ mask);
  }
}
