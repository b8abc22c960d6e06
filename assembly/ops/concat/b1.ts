// Concatenation of bits along channels, when a seam falls inside a word.
import { copyBits } from "../../moves/bits";
import { ConcatParams } from "./params";

/**
 * Computes   y[row, offset_i + k] = x_i[row, k], offset_i the runs of the inputs before i; a row is a pixel.
 * Operands   inputs: bits NHW[Cw].  output: bits NHW[Cw], unused high bits 0.
 * Tile       none: up to 32 bits at a time.
 * Requires   at most 16 inputs; OVERREAD_BYTES after each input; output apart from the inputs.
 * Bounds     bit positions are u32 inside one row; rows advance by bytes.
 * See        ONNX Concat.
 */
export function concat_b1(params: usize): void {
  const p = changetype<ConcatParams>(params);
  const rowBytes: usize = p.outputRowElems >> 3;
  memory.fill(p.outputPtr, 0, rowBytes * p.rows);
  let offset: u32 = 0;
  for (let i: u32 = 0; i < p.inputs; i++) {
    let from: usize = load<u32>(params + (i << 2), offsetof<ConcatParams>("input0Ptr"));
    const run = load<u32>(p.runsPtr + (i << 3));
    const pitch: usize = load<u32>(p.runsPtr + (i << 3), 4) >> 3;
    let to: usize = p.outputPtr;
    for (let row: u32 = 0; row < p.rows; row++, from += pitch, to += rowBytes) copyBits(from, 0, to, offset, run);
    offset += run;
  }
}
