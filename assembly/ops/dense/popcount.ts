// Fully connected layer of binary inputs and binary weights, by xor and popcount.
//
// Scratch of a thread, P = tilePixels (1, or a multiple of 4), rowBytes = 16 ceil(Iw / 4), Q = P rounded up to 4:
//   OutputTile (64) | valid: i32[Q] | sums: f32[Q] | dots: i32[32][Q] | rows: P x rowBytes | 16
import { countDifferences, countOnes } from "../../gemm/popcount";
import { dotsFromCounts } from "../../gemm/dots";
import { Comparison, comparisonOf } from "../../output/comparison";
import { OutputTile, TILE_BYTES } from "../../output/tile";
import { writeTile } from "../../output/write";
import { copyRun } from "../../pack/rows";
import { DenseParams, firstOfPart } from "./params";

const FILTER_BLOCK: u32 = 32;

/** Compute the filters of one part. */
function connect(params: usize, part: u32, parts: u32, toBits: bool): void {
  const p = changetype<DenseParams>(params);
  const inBytes: u32 = ((p.inFeatures + 31) >> 5) << 2;
  const rowBytes = (inBytes + 15) & ~15;
  const outBytes: u32 = toBits ? ((p.outChannels + 31) >> 5) << 2 : p.outChannels << 2;
  const tileBytes: u32 = ((p.tilePixels + 3) & ~3) << 2;
  const firstFilter = firstOfPart(p.outChannels, part, parts);
  const endFilter = firstOfPart(p.outChannels, part + 1, parts);
  const scratch = p.scratchPtr + part * p.threadBytes;
  const valid: u32 = scratch + TILE_BYTES;
  const sums = valid + tileBytes;
  const dots = sums + tileBytes;
  const rows = dots + FILTER_BLOCK * tileBytes;
  const comparison = comparisonOf(p, 0);

  const tile = changetype<OutputTile>(scratch);
  tile.dotsPtr = dots;
  tile.dotBytes = tileBytes;
  tile.sumsPtr = sums;
  tile.scalesPtr = 0;
  tile.filterBytes = 4;
  tile.pixelBytes = outBytes;
  for (let at: u32 = 0; at < tileBytes; at += 4) store<u32>(valid + at, p.depth);

  for (let first: u32 = 0; first < p.rows; first += p.tilePixels) {
    const count = min(p.tilePixels, p.rows - first);
    const output: u32 = p.outputPtr + first * outBytes;
    tile.pixels = count;
    for (let r: u32 = 0; r < count; r++) {
      const row = rows + r * rowBytes;
      if (toBits) memory.fill(output + r * outBytes + (firstFilter >> 3), 0, ((endFilter - firstFilter + 31) >> 5) << 2);
      let end = copyRun(row, p.inputPtr + (first + r) * inBytes, inBytes);
      for (; end < row + rowBytes; end += 4) store<u32>(end, 0);
      if (p.betaPtr) store<f32>(sums + (r << 2), ((p.depth - (countOnes(row, rowBytes) << 1)) as i32) as f32);
    }
    for (let o = firstFilter; o < endFilter; o += FILTER_BLOCK) {
      const block = min(FILTER_BLOCK, endFilter - o);
      countDifferences(rows, rowBytes, count, p.weightsPtr + o * inBytes, inBytes, block, dots, tileBytes);
      dotsFromCounts(dots, tileBytes, block, count, valid, comparison != Comparison.DOTS);
      tile.firstFilter = o;
      tile.filters = block;
      tile.outPtr = (toBits ? output : output + (o << 2));
      writeTile(p, tile, comparison);
    }
  }
}

/**
 * Computes   D[r,o] = depth - 2 popcount(x[r] xor w[o]), S[r] = depth - 2 popcount(x[r]).
 *            Output: f32 by outputValue; bits by thresholds, on D itself for sign weights.
 * Operands   input: bits rows[Iw]. weights: bits O[Iw]. output: f32 [rows, O], or bits rows[Ow].
 * Tile       4 rows x 2 filters x 1 block, or 1 row x 4 filters; see gemm/popcount.ts.
 * Requires   tilePixels 1 or a multiple of 4; scratch as drawn; 12 bytes of over-read.
 * Bounds     see gemm/popcount.ts: u8 lanes <= 248, i32 sums up to 2^29 products.
 * See        conv2d_b1b1f32_im2row_4x2, which does the same to windows.
 */
export function dense_b1b1f32_popcount_4x2(params: usize, part: u32, parts: u32): void {
  connect(params, part, parts, false);
}

/**
 * Computes   the same D and S, then one bit an output: (D < threshold) != flip; two-level: output/levels.ts.
 * Operands   as above; output: bits rows[Ow]; thresholds: i32[O] for sign weights, else f32[O].
 * Tile       as above.
 * Requires   as above, and thresholds.
 * Bounds     as above.
 * See        dense_b1b1f32_popcount_4x2.
 */
export function dense_b1b1b1_popcount_4x2(params: usize, part: u32, parts: u32): void {
  connect(params, part, parts, true);
}
