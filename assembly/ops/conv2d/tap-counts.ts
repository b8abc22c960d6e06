// Border correction of binary convolutions padded with 0. Padded taps are packed as bits 0, that is as +1; what they add to the
// popcount is the number of weight bits under them, and the kernel takes it away again.
import { countWords } from "../../gemm/popcount";
import { Conv2dParams } from "./params";

/**
 * Computes   counts[y][x][o] = sum of popcount(w[o][ky][kx]) over ky < y, kx < x: any rectangle of taps is then four look-ups.
 * Operands   weights: bits OHW[Iw]. lutPtr, which is written: i32 [kernelH + 1][kernelW + 1][O].
 * Tile       none; scalar.
 * Requires   nothing else of the block.
 * Bounds     counts are at most the weights of a filter, below 2^29 (src/ops/layer.ts).
 * See        conv2d_b1b1f32_im2row_4x2, which reads them; docs/binary-math.md section 3.
 */
export function conv2d_setup_im2row(params: usize): void {
  const p = changetype<Conv2dParams>(params);
  const tapBytes = ((p.inChannels / p.groups + 31) >> 5) << 2;
  const column = p.outChannels << 2;
  const row = (p.kernelW + 1) * column;
  memory.fill(p.lutPtr, 0, (p.kernelH + 1) * row);
  let weights = p.weightsPtr;
  for (let o: u32 = 0; o < p.outChannels; o++) {
    for (let ky: u32 = 0; ky < p.kernelH; ky++) {
      let at = p.lutPtr + ky * row + (o << 2);
      for (let kx: u32 = 0; kx < p.kernelW; kx++, at += column, weights += tapBytes) {
        const above = load<u32>(at + column) + load<u32>(at + row) - load<u32>(at);
        store<u32>(at + row + column, above + countWords(weights, tapBytes));
      }
    }
  }
}
