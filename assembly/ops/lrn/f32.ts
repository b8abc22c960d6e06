// Local response normalisation across channels, AlexNet's.
import { shareStart } from "../../share";
import { LrnParams } from "./params";

/**
 * Computes   s = bias + share * sum over d in [c - below, c + above], clipped to the channels, of x[n, d, p]^2;
 *            y[n, c, p] = x[n, c, p] / s^beta.
 * Operands   input: f32 NCHW.  output: f32 NCHW, apart from input, since neighbours are read again.
 * Tile       one v128 of pixels in the SIMD build when beta is 3/4, whose power is two square roots; else scalar.
 * Requires   nothing of alignment.
 * Bounds     below + above + 1 f32 additions of squares; squares overflow f32 above |x| = 1.8e19 and give y = 0.
 * See        ONNX LRN; Krizhevsky et al. 2012, section 3.3.
 */
export function lrn_f32(params: usize, part: u32, parts: u32): void {
  const p = changetype<LrnParams>(params);
  const planeBytes: usize = p.pixels << 2;
  const planes = p.batch * p.channels;
  const first = shareStart(planes, 1, part, parts);
  const last = shareStart(planes, 1, part + 1, parts);
  let from = (p.inputPtr as usize) + planeBytes * first;
  let to = (p.outputPtr as usize) + planeBytes * first;
  for (let plane = first; plane < last; plane++) {
    const c = plane % p.channels;
    const below = (min((p.channelsAtOnce - 1) >> 1, c) as usize) * planeBytes;
    const above = (min(p.channelsAtOnce >> 1, p.channels - 1 - c) as usize) * planeBytes;
    const end = from + planeBytes;
    if (ASC_FEATURE_SIMD) {
      if (p.beta == 0.75) {
        for (; from + 16 <= end; from += 16, to += 16) {
          let sum = f32x4.splat(0);
          for (let at = from - below; at <= from + above; at += planeBytes) {
            const x = v128.load(at);
            sum = f32x4.add(sum, f32x4.mul(x, x));
          }
          const root = f32x4.sqrt(f32x4.add(f32x4.splat(p.bias), f32x4.mul(f32x4.splat(p.share), sum)));
          v128.store(to, f32x4.div(v128.load(from), f32x4.mul(root, f32x4.sqrt(root))));
        }
      }
    }
    for (; from < end; from += 4, to += 4) {
      let sum: f32 = 0;
      for (let at = from - below; at <= from + above; at += planeBytes) sum += load<f32>(at) * load<f32>(at);
      store<f32>(to, load<f32>(from) / power(p.bias + p.share * sum, p.beta));
    }
  }
}

// @ts-ignore: decorator
@inline
function power(base: f32, exponent: f32): f32 {
  if (exponent == 0.75) {
    const root = sqrt(base);
    return root * sqrt(root);
  }
  return Mathf.exp(exponent * Mathf.log(base));
}
