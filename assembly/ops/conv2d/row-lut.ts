// Convolution of real inputs with binary weights by row look-ups: row-planes.ts packs, row-indices.ts expands the weights,
// gemm/row-lut.ts builds tables and looks up, and this walks tiles of positions.
//
// Scratch of a thread, F filters of a group and one that sums, P positions of a line:
//   OutputTile (64) | spill (16) | tables (TABLES_BYTES) | dots: [F + 1][P] of 4 bytes
import { addRowLookups, buildRowTable, ENTRY_BYTES, LINE_BYTES, mostLookups } from "../../gemm/row-lut";
import { Comparison } from "../../output/comparison";
import { OutputTile, TILE_BYTES } from "../../output/tile";
import { writeTile } from "../../output/write";
import { Conv2dParams } from "./params";
import { firstIndex, indexedFilters, ROW_BYTES, ROWS_AT, rowsOfBlock, TABLES_BYTES } from "./row-indices";
import { firstPlane, phasesH, phasesW, tapLookups } from "./row-planes";

/** Fewer tiles than this for each thread are not worth sharing: then filters are, 32 at a time. */
const TILES_TO_SHARE: u32 = 4;

/** Compute this part of a layer; T is f32, or i16 for the int8 grid. */
// @ts-ignore: decorator
@inline
function convolve<T>(params: usize, part: u32, parts: u32): void {
  const p = changetype<Conv2dParams>(params);
  const positions: u32 = LINE_BYTES / (sizeof<T>() as u32);
  const filters = p.outChannels / p.groups;
  const imageTiles = ((p.outHeight - 1) * p.planeCols + p.outWidth + positions - 1) / positions;
  const tiles = p.batch * imageTiles;
  let firstTile: u32 = 0;
  let endTile = tiles;
  let firstFilter: u32 = 0;
  let endFilter = filters;
  if (p.groups > 1 || tiles >= parts * TILES_TO_SHARE || tiles % parts == 0) {
    firstTile = (((tiles as u64) * part) / parts) as u32;
    endTile = (((tiles as u64) * (part + 1)) / parts) as u32;
  } else {
    const words = (filters + 31) >> 5;
    firstFilter = ((words * part) / parts) << 5;
    endFilter = min(((words * (part + 1)) / parts) << 5, filters);
  }
  if (firstFilter >= endFilter) return;

  const record = p.threadPtr + part * p.threadBytes;
  const dots = record + TILE_BYTES + 16 + TABLES_BYTES;
  const tile = changetype<OutputTile>(record);
  tile.dotBytes = positions << 2;
  tile.filters = endFilter - firstFilter;
  tile.filterBytes = (p.outHeight * p.outWidth) << 2;
  tile.pixelBytes = p.thresholdsPtr ? ((p.outChannels + 31) >> 5) << 2 : 4;
  for (let t = firstTile; t < endTile; t++) {
    const n = t / imageTiles;
    const first = (t - n * imageTiles) * positions;
    for (let g: u32 = 0; g < p.groups; g++) {
      addProducts<T>(p, record, dots, n, g, first, firstFilter, endFilter);
      tile.firstFilter = g * filters + firstFilter;
      writeRuns(p, tile, dots, n, first, positions);
    }
  }
}

/** Compute the dot products of one tile: [filters][positions], the sums last. */
function addProducts<T>(p: Conv2dParams, record: u32, dots: u32, n: u32, g: u32, first: u32, firstFilter: u32, endFilter: u32): void {
  const spill = record + TILE_BYTES;
  const tables = spill + 16;
  const channels = p.tableChannels;
  const channelBytes = phasesH(p) * phasesW(p) * p.planeBytes;
  const planes = firstPlane(p) + (n * p.groups + g) * tapLookups(p) * channels * channelBytes + first * (sizeof<T>() as u32);
  const rows = load<u32>(p.lutPtr);
  const blockRows = rowsOfBlock(p);
  const filters = p.outChannels / p.groups;
  const indexed = indexedFilters(p);
  const dotBytes: u32 = (LINE_BYTES / (sizeof<T>() as u32)) << 2;
  const used = endFilter - firstFilter;
  const hasSums = p.betaPtr != 0;
  const positions = (p.outHeight - 1) * p.planeCols + p.outWidth - first;
  // The last tile may be short.
  const lineBytes = min(LINE_BYTES, (positions * (sizeof<T>() as u32) + 15) & ~15);
  const most = mostLookups(channels, 128 + abs(p.inputZeroPoint));
  let indices = firstIndex(p) + ((g * indexed * p.kernelH * p.kernelW * tapLookups(p)) << 1);
  let plane = planes;
  let row: u32 = 0;

  memory.fill(dots, 0, (used + u32(hasSums)) * dotBytes);
  for (let left = rows * tapLookups(p); left > 0; ) {
    let lookups: u32 = 0;
    let table = tables;
    let i: u32 = 0;
    for (; i < blockRows && i < left; i++) {
      const place = p.lutPtr + ROWS_AT + row * ROW_BYTES;
      buildRowTable<T>(plane + load<u32>(place), channelBytes, channels, table, load<u32>(place, 12) - LINE_BYTES + lineBytes);
      lookups += load<u32>(place, 4);
      table += ENTRY_BYTES << channels;
      if (++row == rows) {
        row = 0;
        plane += channels * channelBytes;
      }
    }
    left -= i;
    addRowLookups<T>(tables, indices + ((firstFilter * lookups) << 1), lookups, used, dots, lineBytes >> 4, spill, most);
    if (hasSums) addRowLookups<T>(tables, indices + ((filters * lookups) << 1), lookups, 1, dots + used * dotBytes, lineBytes >> 4, spill, most);
    indices += (indexed * lookups) << 1;
  }
  if (!isFloat<T>()) toFloats(dots, (used + u32(hasSums)) * dotBytes, load<f32>(p.scratchPtr + (n << 2)));
}

/** Turn i32 into f32 times scale, in place. */
function toFloats(dots: u32, bytes: u32, scale: f32): void {
  for (const end = dots + bytes; dots < end; ) {
    if (ASC_FEATURE_SIMD) {
      v128.store(dots, f32x4.mul(f32x4.convert_i32x4_s(v128.load(dots)), f32x4.splat(scale)));
      dots += 16;
    } else {
      store<f32>(dots, (load<i32>(dots) as f32) * scale);
      dots += 4;
    }
  }
}

/** Hand the tile to the output stage, one run of neighbouring output pixels after the other. */
function writeRuns(p: Conv2dParams, tile: OutputTile, dots: u32, n: u32, first: u32, positions: u32): void {
  const outPixels = p.outHeight * p.outWidth;
  const sums = dots + tile.filters * tile.dotBytes;
  let y = first / p.planeCols;
  let x = first - y * p.planeCols;
  for (let at: u32 = 0; at < positions && y < p.outHeight; ) {
    if (x < p.outWidth) {
      const pixel = y * p.outWidth + x;
      const pixels = min(p.outWidth - x, positions - at);
      tile.pixels = pixels;
      tile.dotsPtr = dots + (at << 2);
      tile.sumsPtr = sums + (at << 2);
      tile.scalesPtr = p.scalePtr ? p.scalePtr + ((n * outPixels + pixel) << 2) : 0;
      if (p.thresholdsPtr) tile.outPtr = p.outputPtr + (n * outPixels + pixel) * tile.pixelBytes;
      else tile.outPtr = p.outputPtr + (((n * p.outChannels + tile.firstFilter) * outPixels + pixel) << 2);
      writeTile(p, tile, Comparison.VALUES);
    }
    at += p.planeCols - x;
    x = 0;
    y++;
  }
}

/**
 * Computes   D = sum over taps and channels of (weight bit ? -x : x), S = sum of x, zeros outside the image; then outputValue.
 * Operands   planes and indices as drawn in row-planes.ts and row-indices.ts. output: f32 NCHW, or bits NHW[Cw].
 * Tile       1 filter x 16 positions x 9 look-ups of 4 or 5 channels, 4 accumulators; see gemm/row-lut.ts.
 * Requires   conv2d_setup_rowlut_f32 once, conv2d_pack_rows_f32 in every run; scratch as drawn.
 * Bounds     f32 sums: relative error <= (depth / 36 + 12) * 2^-24 of sum |x|.
 * See        gemm/row-lut.ts; docs/binary-math.md section 2.
 */
export function conv2d_f32b1f32_rowlut_1x16(params: usize, part: u32, parts: u32): void {
  convolve<f32>(params, part, parts);
}

/**
 * Computes   the same y, then one bit an output: (y < threshold) != flip.
 * Operands   as above; output: bits NHW[Cw].
 * Tile       as above.
 * Requires   as above, and thresholds.
 * Bounds     as above.
 * See        conv2d_f32b1f32_rowlut_1x16.
 */
export function conv2d_f32b1b1_rowlut_1x16(params: usize, part: u32, parts: u32): void {
  convolve<f32>(params, part, parts);
}

/**
 * Computes   D = scale * sum over taps and channels of (weight bit ? -v : v), S the same without signs, with v on the int8 grid and
 *            the image's scale (pack/quantize.ts); then outputValue. The sums are exact.
 * Operands   as above, planes of i16.
 * Tile       1 filter x 32 positions x 9 look-ups of 4 or 5 channels, 4 accumulators.
 * Requires   conv2d_setup_rowlut_i8 once, conv2d_pack_rows_i8 in every run; scratch as drawn.
 * Bounds     i16 lanes: look-ups of G channels are widened after at most 32767 / (G (128 + |zero point|)), and |v| is at most
 *            128 + |zero point|. i32 sums: depth is at
 *            most 2^23 (checked by src/ops/layer.ts), times 255 is below 2^31.
 * See        gemm/row-lut.ts; docs/binary-math.md section 2.
 */
export function conv2d_i8b1f32_rowlut_1x32(params: usize, part: u32, parts: u32): void {
  convolve<i16>(params, part, parts);
}

/**
 * Computes   the same y, then one bit an output: (y < threshold) != flip.
 * Operands   as above; output: bits NHW[Cw].
 * Tile       as above.
 * Requires   as above, and thresholds.
 * Bounds     as above.
 * See        conv2d_i8b1f32_rowlut_1x32.
 */
export function conv2d_i8b1b1_rowlut_1x32(params: usize, part: u32, parts: u32): void {
  convolve<i16>(params, part, parts);
}
