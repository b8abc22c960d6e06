// Slices of bits that cut through words.
import { moveBits } from "../../moves/walk";

/**
 * Computes   y[i, j, ...] = x[start0 + i * step0, start1 + j * step1, ...].
 * Operands   input, output: bits NHW[Cw], views of any rank and stride; the output is filled first, so unused high bits are 0.
 * Tile       none: runs that are contiguous on both sides are copied whole, others element by element.
 * Requires   the views stay inside their operands; scratch for the counters; output apart from input.
 * Bounds     positions are u32 counts of elements; the host refuses values whose elements do not fit.
 * See        ONNX Slice, positive steps.
 */
export function slice_b1(params: usize): void {
  moveBits(params);
}
