// Constant padding of f32 values, and of bits where no channels are added.
import { moveWords } from "../../moves/walk";

/**
 * Computes   y[i, j, ...] = x[i - before0, j - before1, ...] where that exists, else the fill.
 * Operands   input, output: 32-bit elements (f32, or words of bits when whole words move), views of any rank and stride.
 * Tile       none: runs that are contiguous on both sides are copied whole, others element by element.
 * Requires   the views stay inside their operands; scratch for the counters; output apart from input.
 * Bounds     positions are u32 counts of elements; the host refuses values whose elements do not fit.
 * See        ONNX Pad, mode constant.
 */
export function pad_x32(params: usize): void {
  moveWords(params);
}
