// Product of two values of broadcastable shapes.
import { combine, MUL } from "./broadcast";
import { ElementwiseParams } from "./params";

/**
 * Computes   y[i] = a[i] * b[i], axes of length 1 repeated as NumPy does.
 * Operands   a, b: f32, strided views of the output's shape.  output: f32, row-major; may be a's memory when a has its shape.
 * Tile       one v128 along the innermost run in the SIMD build, one side splat when it is broadcast; the tail is scalar.
 * Requires   innermost strides of 0 or 1; counters of each part's own.
 * Bounds     no accumulator; builds agree to the bit.
 * See        ONNX Mul and its page on broadcasting.
 */
export function elementwise_f32_mul(params: usize, part: u32, parts: u32): void {
  combine(changetype<ElementwiseParams>(params), part, parts, MUL);
}
