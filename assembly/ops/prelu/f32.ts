// PReLU and, with shifts, RPReLU: the learnt activation of binary nets.
import { shareStart } from "../../share";
import { PreluParams } from "./params";

/**
 * Computes   v = x[n, c, p] + shiftIn[c];  y[n, c, p] = (v < 0 ? slope[c] * v : v) + shiftOut[c].
 * Operands   input, output: f32 NCHW, `pixels` elements a plane, no padding; may be the same memory.
 *            slope: f32[C].  shiftIn, shiftOut: f32[C] or absent (0).
 * Tile       one v128 of pixels in the SIMD build; the tail, and planes of fewer than 4 pixels, are scalar.
 * Requires   nothing of alignment.
 * Bounds     no accumulator; every step is rounded separately in every build, so builds agree to the bit.
 * See        PReLU arXiv:1502.01852, RPReLU arXiv:2003.03488 (ReActNet), section 4.2.
 */
export function prelu_f32(params: usize, part: u32, parts: u32): void {
  const p = changetype<PreluParams>(params);
  const planes = p.batch * p.channels;
  const first = shareStart(planes, 1, part, parts);
  const last = shareStart(planes, 1, part + 1, parts);
  let from: usize = p.inputPtr + ((first * p.pixels) << 2);
  let to: usize = p.outputPtr + ((first * p.pixels) << 2);
  for (let plane = first; plane < last; plane++) {
    const c = plane % p.channels;
    const slope = load<f32>(p.slopePtr + (c << 2));
    const shiftIn: f32 = p.shiftInPtr ? load<f32>(p.shiftInPtr + (c << 2)) : 0;
    const shiftOut: f32 = p.shiftOutPtr ? load<f32>(p.shiftOutPtr + (c << 2)) : 0;
    const end = from + ((p.pixels as usize) << 2);
    if (ASC_FEATURE_SIMD) {
      const slopes = f32x4.splat(slope);
      const shiftsIn = f32x4.splat(shiftIn);
      const shiftsOut = f32x4.splat(shiftOut);
      for (; from + 16 <= end; from += 16, to += 16) {
        const v = f32x4.add(v128.load(from), shiftsIn);
        const bent = v128.bitselect(f32x4.mul(v, slopes), v, f32x4.lt(v, f32x4.splat(0)));
        v128.store(to, f32x4.add(bent, shiftsOut));
      }
    }
    for (; from < end; from += 4, to += 4) {
      const v = load<f32>(from) + shiftIn;
      store<f32>(to, (v < 0 ? slope * v : v) + shiftOut);
    }
  }
}
