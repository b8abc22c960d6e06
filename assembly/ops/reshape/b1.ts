// Reshapes bits whose packing changes: the shape is row-major NCHW, the bits are stored channels last.
import { moveBits } from "../../moves/walk";

/**
 * Computes   the k-th element of y is the k-th of x, both in row-major order of their logical shapes.
 * Operands   input, output: bits NHW[Cw], views of any rank and stride; the output is filled first, so unused high bits are 0.
 * Tile       none: runs that are contiguous on both sides are copied whole, others element by element.
 * Requires   the views stay inside their operands; scratch for the counters; output apart from input.
 * Bounds     positions are u32 counts of elements; the host refuses values whose elements do not fit.
 * See        ONNX Reshape.
 */
export function reshape_b1(params: usize): void {
  moveBits(params);
}
