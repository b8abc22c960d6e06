// Power of two values of broadcastable shapes.
import { combine, POW } from "./broadcast";
import { ElementwiseParams } from "./params";

/**
 * Computes   y[i] = a[i] ^ b[i], axes of length 1 repeated as NumPy does.
 * Operands   a, b: f32, strided views of the output's shape.  output: f32, row-major; may be a's memory when a has its shape.
 * Tile       one element; the same in every build.
 * Requires   innermost strides of 0 or 1; counters of each part's own.
 * Bounds     no accumulator; AssemblyScript's pow, good to a unit or two in the last place; NaN for a negative base with an exponent that is no whole number.
 * See        ONNX Pow and its page on broadcasting.
 */
export function elementwise_f32_pow(params: usize, part: u32, parts: u32): void {
  combine(changetype<ElementwiseParams>(params), part, parts, POW);
}
