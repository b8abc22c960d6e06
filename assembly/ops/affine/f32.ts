// Scale and shift per channel, what is left of a batch normalisation that could not be folded into a layer.
import { shareStart } from "../../share";
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
export function affine_f32(params: usize, part: u32, parts: u32): void {
  const p = changetype<AffineParams>(params);
  if (p.pixels == 1) scaleRows(p, part, parts);
  else scalePlanes(p, part, parts);
}

/** One pixel a channel: a share of the channels of every image. */
function scaleRows(p: AffineParams, part: u32, parts: u32): void {
  const first = shareStart(p.channels, 4, part, parts);
  const last = shareStart(p.channels, 4, part + 1, parts);
  const scaleEnd: usize = p.scalePtr + (last << 2);
  for (let n: u32 = 0; n < p.batch; n++) {
    let scale: usize = p.scalePtr + (first << 2);
    let bias: usize = p.biasPtr + (first << 2);
    let from: usize = p.inputPtr + ((n * p.channels + first) << 2);
    let to: usize = p.outputPtr + ((n * p.channels + first) << 2);
    if (ASC_FEATURE_SIMD) {
      for (; scale + 16 <= scaleEnd; scale += 16, bias += 16, from += 16, to += 16) {
        v128.store(to, f32x4.add(f32x4.mul(v128.load(from), v128.load(scale)), v128.load(bias)));
      }
    }
    for (; scale < scaleEnd; scale += 4, bias += 4, from += 4, to += 4) {
      store<f32>(to, load<f32>(from) * load<f32>(scale) + load<f32>(bias));
    }
  }
}

/** A share of the channel planes of all images. */
function scalePlanes(p: AffineParams, part: u32, parts: u32): void {
  const planes = p.batch * p.channels;
  const first = shareStart(planes, 1, part, parts);
  const last = shareStart(planes, 1, part + 1, parts);
  let from: usize = p.inputPtr + ((first * p.pixels) << 2);
  let to: usize = p.outputPtr + ((first * p.pixels) << 2);
  for (let plane = first; plane < last; plane++) {
    const c = plane % p.channels;
    const a = load<f32>(p.scalePtr + (c << 2));
    const b = load<f32>(p.biasPtr + (c << 2));
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
