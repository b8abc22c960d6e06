// Transposes bits whose channels become another axis.
import { moveBits } from "../../moves/walk";

/**
 * Computes   y[i of axis perm[0], i of axis perm[1], ...] = x[i of axis 0, i of axis 1, ...].
 * Operands   input, output: bits NHW[Cw], views of any rank and stride; the output is filled first, so unused high bits are 0.
 * Tile       none: runs that are contiguous on both sides are copied whole, others element by element.
 * Requires   the views stay inside their operands; scratch for the counters; output apart from input.
 * Bounds     positions are u32 counts of elements; the host refuses values whose elements do not fit.
 * See        ONNX Transpose.
 */
export function transpose_b1(params: usize): void {
  moveBits(params);
}
