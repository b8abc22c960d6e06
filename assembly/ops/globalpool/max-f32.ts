// Maximum of each channel plane.
import { shareStart } from "../../share";
import { GlobalpoolParams } from "./params";

/**
 * Computes   y[n, c] = max over p of x[n, c, p].
 * Operands   input: f32 NCHW, no padding.  output: f32[N, C].
 * Tile       one v128 of pixels in the SIMD build; the tail is scalar.
 * Requires   nothing of alignment; at least one pixel.
 * Bounds     no accumulator; a NaN never wins.
 * See        ONNX GlobalMaxPool.
 */
export function globalpool_f32_max(params: usize, part: u32, parts: u32): void {
  const p = changetype<GlobalpoolParams>(params);
  const first = shareStart(p.planes, 1, part, parts);
  const last = shareStart(p.planes, 1, part + 1, parts);
  let from: usize = p.inputPtr + ((first * p.pixels) << 2);
  let to: usize = p.outputPtr + (first << 2);
  for (let plane = first; plane < last; plane++, to += 4) {
    const end = from + ((p.pixels as usize) << 2);
    let top = -f32.POSITIVE_INFINITY;
    if (ASC_FEATURE_SIMD) {
      let acc = f32x4.splat(top);
      for (; from + 16 <= end; from += 16) acc = f32x4.pmax(acc, v128.load(from));
      acc = f32x4.pmax(acc, v128.shuffle<f32>(acc, acc, 2, 3, 0, 1));
      acc = f32x4.pmax(acc, v128.shuffle<f32>(acc, acc, 1, 0, 3, 2));
      top = f32x4.extract_lane(acc, 0);
    }
    for (; from < end; from += 4) {
      const x = load<f32>(from);
      top = select(x, top, top < x);
    }
    store<f32>(to, top);
  }
}
