// Slices of f32 values, and of bits along whole words.
import { moveWords } from "../../moves/walk";

/**
 * Computes   y[i, j, ...] = x[start0 + i * step0, start1 + j * step1, ...].
 * Operands   input, output: 32-bit elements (f32, or words of bits when whole words move), views of any rank and stride.
 * Tile       none: runs that are contiguous on both sides are copied whole, others element by element.
 * Requires   the views stay inside their operands; scratch for the counters; output apart from input.
 * Bounds     positions are u32 counts of elements; the host refuses values whose elements do not fit.
 * See        ONNX Slice, positive steps.
 */
export function slice_x32(params: usize): void {
  moveWords(params);
}
