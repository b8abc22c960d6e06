// Softmax and log-softmax along any axis.
import { SoftmaxParams } from "./params";

/**
 * Computes   m = max x, s = sum of e^(x - m) along the axis;  y = e^(x - m) / s, or x - m - ln s.
 * Operands   input, output: f32[outer, axis, inner], row-major; may be the same memory.
 * Tile       none: the exponential is scalar in every build, so builds agree to the bit.
 * Requires   at least one element along the axis.
 * Bounds     exponents are <= 0, so each term is <= 1 and s lies in [1, axis]; s is an f64 sum.
 * See        ONNX Softmax and LogSoftmax (opset 13).
 */
export function softmax_f32(params: usize): void {
  const p = changetype<SoftmaxParams>(params);
  const stride: usize = p.innerElems << 2;
  const bytes = stride * p.axisElems;
  const shift = p.outputPtr - p.inputPtr; // from an input element to its output, modulo 2^32
  let block: usize = p.inputPtr;
  for (let outer: u32 = 0; outer < p.outerElems; outer++, block += bytes) {
    for (let first = block; first < block + stride; first += 4) {
      const end = first + bytes;
      let top = load<f32>(first);
      for (let at = first + stride; at < end; at += stride) top = max(top, load<f32>(at));
      let sum: f64 = 0;
      if (p.log) {
        for (let at = first; at < end; at += stride) sum += Mathf.exp(load<f32>(at) - top);
        const log = Mathf.log(sum as f32);
        for (let at = first; at < end; at += stride) store<f32>(at + shift, load<f32>(at) - top - log);
      } else {
        for (let at = first; at < end; at += stride) {
          const power = Mathf.exp(load<f32>(at) - top);
          sum += power;
          store<f32>(at + shift, power);
        }
        const share = (1 / sum) as f32;
        for (let at = first + shift; at < end + shift; at += stride) store<f32>(at, load<f32>(at) * share);
      }
    }
  }
}
