// Scale and shift per channel, what is left of a batch normalisation that could not be folded into a layer.
import { AffineParams } from "./params";

/**
 * Computes   y[n, c, p] = scale[c] * x[n, c, p] + bias[c].
 * Operands   input, output: f32 NCHW, `pixels` elements a plane, no padding; may be the same memory.
 *            scale, bias: f32[C].
 * Tile       one v128 of pixels in the SIMD build (of channels when there is one pixel); tails are scalar.
 * Requires   nothing of alignment.
 * Bounds     no accumulator; product and sum are rounded separately in every build, so builds agree to the bit.
 * See        Ioffe and Szegedy, arXiv:1502.03167, algorithm 1 in its inference form.
 */
export function affine_f32(params: usize): void {
  const p = changetype<AffineParams>(params);
  let from: usize = p.inputPtr;
  let to: usize = p.outputPtr;
  for (let n: u32 = 0; n < p.batch; n++) {
    let scale: usize = p.scalePtr;
    let bias: usize = p.biasPtr;
    const scaleEnd = scale + ((p.channels as usize) << 2);
    if (p.pixels == 1) {
      if (ASC_FEATURE_SIMD) {
        for (; scale + 16 <= scaleEnd; scale += 16, bias += 16, from += 16, to += 16) {
          v128.store(to, f32x4.add(f32x4.mul(v128.load(from), v128.load(scale)), v128.load(bias)));
        }
      }
      for (; scale < scaleEnd; scale += 4, bias += 4, from += 4, to += 4) {
        store<f32>(to, load<f32>(from) * load<f32>(scale) + load<f32>(bias));
      }
      continue;
    }
    for (; scale < scaleEnd; scale += 4, bias += 4) {
      const a = load<f32>(scale);
      const b = load<f32>(bias);
      const end = from + ((p.pixels as usize) << 2);
      if (ASC_FEATURE_SIMD) {
        const va = f32x4.splat(a);
        const vb = f32x4.splat(b);
        for (; from + 16 <= end; from += 16, to += 16) {
          v128.store(to, f32x4.add(f32x4.mul(v128.load(from), va), vb));
        }
      }
      for (; from < end; from += 4, to += 4) {
        store<f32>(to, load<f32>(from) * a + b);
      }
    }
  }
}
