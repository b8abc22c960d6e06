// Convolution of binary inputs with binary weights on pair planes: setup expands the weights, pack lays the input out, and the kernels walk
// tiles of positions: for each block of look-ups build its tables, look up every filter; then write the tile's outputs.
//
// Scratch: planes: [batch][bands][phases][planes][planeBytes]; each thread's
//   OutputTile (64) | sums: f32[40] | dots: f32[32][40] | tables: 30720 | counts: i16[O + 1][64]
// In pack it is u32[2 planeBytes], words in the order of positions, and behind them, where the input is real, a word of each of its pixels; in setup the list of look-ups of a block.
import { OutputTile, TILE_BYTES } from "../../output/tile";
import { Block, LutTable, makeTable, MAX_TABLE_BYTES, TableRow } from "../../planes/blocks";
import { countBands, countPhases, countPlanes } from "../../planes/geometry";
import { COUNT_BYTES, FIRST_TABLE, lookUpPairs, lookUpSingles, STEP } from "../../planes/look-up";
import { DOT_BYTES, writeRun } from "../../planes/output";
import { packPlanes } from "../../planes/pack";
import { buildTable } from "../../planes/tables";
import { shareStart } from "../../share";
import { Conv2dParams } from "./params";

/** Filters of a word of output bits, and of one call of the output stage. */
const FILTER_BLOCK: u32 = 32;

/**
 * Compute this part's share: tiles, band after band; or, where an image is one band, words of filters, so that parts write planes of
 * their own. Words of bits lie side by side: there tiles are shared as long as they are enough.
 */
function convolve(params: usize, part: u32, parts: u32): void {
  const p = changetype<Conv2dParams>(params);
  const distance = changetype<LutTable>(p.lutPtr).distance;
  const words = (p.outChannels + FILTER_BLOCK - 1) / FILTER_BLOCK;
  const tiles = (distance + 31) >> 5;
  const bands = countBands(p);
  const all = p.batch * bands * tiles;
  const bandBytes = countPhases(p.kernelH, p.strideH) * countPhases(p.kernelW, p.strideW) * countPlanes(p) * p.planeBytes;
  const scratch = p.threadPtr + part * p.threadBytes;
  const sharesTiles = bands > 1 || (p.thresholdsPtr != 0 && all >= 8 * parts);
  const firstTile: u32 = sharesTiles ? shareStart(all, 1, part, parts) : 0;
  const endTile: u32 = sharesTiles ? shareStart(all, 1, part + 1, parts) : all;
  const firstUnit: u32 = sharesTiles ? 0 : shareStart(all * words, 1, part, parts);
  const endUnit: u32 = sharesTiles ? all * words : shareStart(all * words, 1, part + 1, parts);
  for (let tile = firstTile; tile < endTile; tile++) {
    const band = tile / tiles;
    const position = (tile - band * tiles) << 5;
    // Words of this tile whose unit, word * all + tile, is in the share.
    const from = ((firstUnit + all - 1 - tile) / all) * FILTER_BLOCK;
    const to = min(p.outChannels, ((endUnit + all - 1 - tile) / all) * FILTER_BLOCK);
    if (from >= to) continue;
    convolveTile(p, scratch, p.scratchPtr + band * bandBytes + position, band / bands, band % bands, position, distance, from, to - from);
  }
}

/** Filters [first, first + filters) at 16 or 32 positions of a band from `position` on, and as many D further on. */
function convolveTile(
  p: Conv2dParams, scratch: u32, planes: u32, image: u32, band: u32, position: u32, distance: u32, first: u32, filters: u32,
): void {
  const table = changetype<LutTable>(p.lutPtr);
  const sums = scratch + TILE_BYTES;
  const dots = sums + DOT_BYTES;
  const tables = dots + FILTER_BLOCK * DOT_BYTES;
  const counts = tables + MAX_TABLE_BYTES;
  const lastCounts = counts + filters * COUNT_BYTES;
  const vectors: u32 = position + 32 <= distance ? 2 : 1;
  const invalid = band * table.invalidBytes + position;
  memory.fill(tables, 0, FIRST_TABLE);
  for (let at = table.blocksPtr, end = at + table.blocks * offsetof<Block>(); at < end; at += offsetof<Block>()) {
    const block = changetype<Block>(at);
    const isFirst = at == table.blocksPtr;
    for (let row = block.rowsPtr, last = row + block.rows * offsetof<TableRow>(); row < last; row += offsetof<TableRow>()) {
      const built = changetype<TableRow>(row);
      const isShared = built.isShared != 0;
      buildTable(
        tables + built.tableBytes, planes + built.sourceBytes, p.planeBytes, built.invalidPtr + invalid, built.constant, isShared, vectors + u32(isShared),
      );
    }
    const streamBytes = block.steps * STEP * 2;
    const stream = block.streamPtr + first * streamBytes;
    const ofSums = block.streamPtr + p.outChannels * streamBytes;
    if (vectors == 2) {
      lookUpPairs(tables, stream, block.steps, filters, counts, isFirst);
      if (p.betaPtr) lookUpPairs(tables, ofSums, block.steps, 1, lastCounts, isFirst);
    } else {
      lookUpSingles(tables, stream, block.steps, filters, counts, isFirst);
      if (p.betaPtr) lookUpSingles(tables, ofSums, block.steps, 1, lastCounts, isFirst);
    }
  }
  const tile = changetype<OutputTile>(scratch);
  tile.dotsPtr = dots;
  tile.dotBytes = DOT_BYTES;
  tile.sumsPtr = sums;
  tile.filterBytes = (p.outHeight * p.outWidth) << 2;
  tile.pixelBytes = p.thresholdsPtr ? ((p.outChannels + 31) >> 5) << 2 : 4;
  const run = vectors << 4;
  for (let f: u32 = 0; f < filters; f += FILTER_BLOCK) {
    const block = min(FILTER_BLOCK, filters - f);
    const from = counts + f * COUNT_BYTES;
    writeRun(p, tile, image, band, first + f, block, position, run, from, lastCounts);
    writeRun(p, tile, image, band, first + f, block, position + distance, run, from + (run << 1), lastCounts + (run << 1));
  }
}

/**
 * Computes   the step's table: lists of tables to build and streams of look-ups, see planes/blocks.ts.
 * Operands   weights: bits OHW[Iw]. lutPtr: what it writes.
 * Tile       none; scalar.
 * Requires   everything of the block but input and output; a thread's scratch.
 * Bounds     offsets of entries < MAX_TABLE_BYTES, 16 bits.
 * See        planes/geometry.ts for positions and offsets.
 */
export function conv2d_setup_lut5(params: usize): void {
  makeTable(changetype<Conv2dParams>(params));
}

/**
 * Computes   plane[c][j] = bit of channel c at position j | the same at j + D << 4, for every band and phase.
 * Operands   input: bits NHW[Cw]; or, with inputIsReal, f32 NCHW, whose bits are (x < signThreshold[c]) != signFlip[c]. scratch: planes as drawn.
 * Tile       16 positions and their pairs x 32 channels: byte shuffles, then 2 operations a vector.
 * Requires   a thread's scratch.
 * Bounds     bytes hold two bits.
 * See        planes/pack.ts.
 */
export function conv2d_pack_planes(params: usize, part: u32, parts: u32): void {
  const p = changetype<Conv2dParams>(params);
  packPlanes(p, p.scratchPtr, p.threadPtr + part * p.threadBytes, part, parts);
}

/**
 * Computes   D = base - 2 count, count = places in which window and filter differ, S = the same for a filter of +1, base = depth.
 *            With padValue 0 a padded tap counts floor(C / 2) differences, so adds 0, or 1 for odd C, which base takes away.
 *            Output: f32 by outputValue.
 * Operands   input: pair planes in scratch. weights: streams of the step's table. output: f32 NCHW.
 * Tile       64 positions x 1 filter x up to 17 steps of 3 look-ups, 5 channels each; 4 accumulators, 9 live v128.
 * Requires   conv2d_setup_lut5 once, conv2d_pack_planes before; groups 1; depth <= 32766; scratch as drawn; 16 bytes of over-read.
 * Bounds     see planes/look-up.ts: nibbles <= 15, bytes <= 255; counts <= depth <= 32766 and |D| <= depth fit i16.
 * See        docs/binary-math.md section 7.
 */
export function conv2d_b1b1f32_lut5_64x1(params: usize, part: u32, parts: u32): void {
  convolve(params, part, parts);
}

/**
 * Computes   the same D and S, then one bit an output: (D < threshold) != flip; two-level: output/levels.ts.
 * Operands   as above; output: bits NHW[Cw]; thresholds: i32[O] for sign weights, else f32[O].
 * Tile       as above.
 * Requires   as above, and thresholds.
 * Bounds     as above; thresholds beyond 16 bits are clamped to +-32767, where no D is; two-level: see planes/lines.ts.
 * See        conv2d_b1b1f32_lut5_64x1.
 */
export function conv2d_b1b1b1_lut5_64x1(params: usize, part: u32, parts: u32): void {
  convolve(params, part, parts);
}
