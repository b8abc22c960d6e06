// Real values to packed bits: a comparison per element and a transpose from channel planes to channels last.
import { packWords } from "../../pack/words";
import { shareStart, sharesRows } from "../../share";
import { BinarizeParams } from "./params";

/**
 * Computes   bit c of y[n, p] = (x[n, c, p] < threshold[c]) != flip[c].
 * Operands   input: f32 NCHW, `pixels` elements a plane.  output: bits NHW[Cw], unused high bits 0.
 *            thresholds: f32[C], or absent (0).  flips: u32[Cw] or absent (0).
 * Tile       SIMD: 16 pixels x 32 channels; one lane holds one pixel's word: pack/words.ts.
 * Requires   nothing of alignment.
 * Bounds     each of at most 32 steps shifts one bit into a 32-bit lane: none is lost.
 * See        Larq Compute Engine @ e6860fc, core/bitpacking; papers page 3.2.
 */
export function binarize_f32b1(params: usize, part: u32, parts: u32): void {
  const p = changetype<BinarizeParams>(params);
  const planeBytes: usize = p.pixels << 2;
  const words = (p.channels + 31) >> 5;
  const pixelBytes: usize = words << 2;
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
      packWords(image, planeBytes, p.thresholdsPtr, p.flipsPtr, c, p.channels, to + (c >>> 3), pixelBytes, end - first);
    }
  }
}
