// Mean of each channel plane.
import { shareStart } from "../../share";
import { GlobalpoolParams } from "./params";

/**
 * Computes   y[n, c] = sum over p of x[n, c, p] / pixels.
 * Operands   input: f32 NCHW, no padding.  output: f32[N, C].
 * Tile       4 v128 of pixels in the SIMD build, so that 4 additions are under way at once.
 * Requires   nothing of alignment; at least one pixel.
 * Bounds     scalar and tails sum in f64. SIMD has 16 f32 partial sums, so a plane of P pixels is rounded P/16
 *            times in a row: relative error at most P/16 * 2^-24 of the sum of |x| (2e-4 at 224 x 224, in practice 1e-6).
 * See        ONNX GlobalAveragePool.
 */
export function globalpool_f32_average(params: usize, part: u32, parts: u32): void {
  const p = changetype<GlobalpoolParams>(params);
  const first = shareStart(p.planes, 1, part, parts);
  const last = shareStart(p.planes, 1, part + 1, parts);
  let from: usize = p.inputPtr + ((first * p.pixels) << 2);
  let to: usize = p.outputPtr + (first << 2);
  for (let plane = first; plane < last; plane++, to += 4) {
    const end = from + ((p.pixels as usize) << 2);
    let sum: f64 = 0;
    if (ASC_FEATURE_SIMD) {
      let acc0 = f32x4.splat(0);
      let acc1 = acc0;
      let acc2 = acc0;
      let acc3 = acc0;
      for (; from + 64 <= end; from += 64) {
        acc0 = f32x4.add(acc0, v128.load(from));
        acc1 = f32x4.add(acc1, v128.load(from, 16));
        acc2 = f32x4.add(acc2, v128.load(from, 32));
        acc3 = f32x4.add(acc3, v128.load(from, 48));
      }
      for (; from + 16 <= end; from += 16) acc0 = f32x4.add(acc0, v128.load(from));
      acc0 = f32x4.add(f32x4.add(acc0, acc1), f32x4.add(acc2, acc3));
      sum = (f32x4.extract_lane(acc0, 0) as f64) + f32x4.extract_lane(acc0, 1) + f32x4.extract_lane(acc0, 2) + f32x4.extract_lane(acc0, 3);
    }
    for (; from < end; from += 4) sum += load<f32>(from);
    store<f32>(to, (sum / p.pixels) as f32);
  }
}
