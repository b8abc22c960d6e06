// Concatenation of f32 values, and of bits where every seam falls between words.
import { ConcatParams } from "./params";

/**
 * Computes   y[row, offset_i + k] = x_i[row, k], offset_i the runs of the inputs before i.
 * Operands   inputs: 32-bit elements, rows of `runs[i]`.  output: 32-bit elements, rows of `outputRowElems`.
 * Tile       none: a run is one copy.
 * Requires   at most 16 inputs; runs that fill the output's rows; output apart from the inputs.
 * Bounds     positions are bytes in 32-bit memory.
 * See        ONNX Concat.
 */
export function concat_x32(params: usize): void {
  const p = changetype<ConcatParams>(params);
  let column: usize = p.outputPtr;
  for (let i: u32 = 0; i < p.inputs; i++) {
    let from: usize = load<u32>(params + (i << 2), offsetof<ConcatParams>("input0Ptr"));
    const run: usize = load<u32>(p.runsPtr + (i << 3)) << 2;
    const pitch: usize = load<u32>(p.runsPtr + (i << 3), 4) << 2;
    let to = column;
    for (let row: u32 = 0; row < p.rows; row++, from += pitch, to += p.outputRowElems << 2) memory.copy(to, from, run);
    column += run;
  }
}
