// Fully connected layer of inputs on the int8 grid and binary weights by look-up: for every eight inputs a table of their 256
// signed sums, as bytelut.ts does for f32, in whole numbers and so exact.
//
// Scratch:
//   OutputTile (64) | sum: f32, padding to 16 | dots: [O] of 4 bytes, rounded up to 16 bytes, plus 16 | tables: 16 x 512
import { Comparison } from "../../output/comparison";
import { openRow, TILE_BYTES } from "../../output/tile";
import { writeTile } from "../../output/write";
import { imageScale, readOnGrid } from "../../pack/quantize";
import { DenseParams, firstOfPart } from "./params";

/** Tables at once, one for each byte of weights. */
const MAX_TABLES: u32 = 16;
const TABLE_BYTES: u32 = 256 << 1;

/** Compute the filters of one part. */
function connect(params: usize, part: u32, parts: u32): void {
  const p = changetype<DenseParams>(params);
  const weightBytes = ((p.inFeatures + 31) >> 5) << 2;
  const toBits = p.thresholdsPtr != 0;
  const outBytes = (toBits ? (p.outChannels + 31) >> 5 : p.outChannels) << 2;
  const firstFilter = firstOfPart(p.outChannels, part, parts);
  const filters = firstOfPart(p.outChannels, part + 1, parts) - firstFilter;
  if (filters == 0) return;
  const scratch = p.scratchPtr + part * p.threadBytes;
  const sum = scratch + TILE_BYTES;
  const dots = sum + 16;
  const dotsEnd = dots + (filters << 2);
  const tables = ((dotsEnd + 15) & ~15) + 16;

  const tile = openRow(scratch, dots, sum, firstFilter, filters, outBytes);

  const allTables = (p.inFeatures + 7) >> 3;
  const imageRows = max<u32>(1, p.rows / max<u32>(1, p.batch));
  let scale: f32 = 1;
  for (let r: u32 = 0; r < p.rows; r++) {
    const x = p.inputPtr + r * p.inFeatures * p.inputElemBytes;
    if (r % imageRows == 0) scale = imageScale(x, imageRows * p.inFeatures, p.inputScale);
    let total: i32 = 0;
    memory.fill(dots, 0, dotsEnd - dots);
    for (let first: u32 = 0; first < allTables; first += MAX_TABLES) {
      const count = min(MAX_TABLES, allTables - first);
      for (let t: u32 = 0; t < count; t++) {
        buildTable(p, x, (first + t) << 3, scale, tables + t * TABLE_BYTES);
        total += load<i16>(tables + t * TABLE_BYTES);
      }
      let weights = p.weightsPtr + firstFilter * weightBytes + first;
      for (let dot = dots; dot < dotsEnd; dot += 4, weights += weightBytes) {
        let acc = load<i32>(dot);
        for (let t: u32 = 0; t < count; t++) acc += load<i16>(tables + t * TABLE_BYTES + ((load<u8>(weights + t) as u32) << 1));
        store<i32>(dot, acc);
      }
    }
    store<f32>(sum, (total as f32) * scale);
    for (let dot = dots; dot < dotsEnd; dot += 4) store<f32>(dot, (load<i32>(dot) as f32) * scale);
    const output = p.outputPtr + r * outBytes;
    if (toBits) memory.fill(output + (firstFilter >> 3), 0, ((filters + 31) >> 5) << 2);
    tile.outPtr = toBits ? output : output + (firstFilter << 2);
    writeTile(p, tile, Comparison.VALUES);
  }
}

/** table[b] = sum over j < 8 of (bit j of b ? -v : v) of feature first + j; features past the end count as 0. */
function buildTable(p: DenseParams, x: u32, first: u32, scale: f32, table: u32): void {
  let all: i32 = 0;
  for (let i = first; i < first + 8; i++) all += read(p, x, i, scale);
  store<i16>(table, all as i16);
  for (let j: u32 = 0; j < 8; j++) {
    const twice = read(p, x, first + j, scale) << 1;
    const bytes: u32 = 2 << j;
    for (let at = table; at < table + bytes; at += 2) store<i16>(at + bytes, (load<i16>(at) - twice) as i16);
  }
}

// @ts-ignore: decorator
@inline
function read(p: DenseParams, x: u32, i: u32, scale: f32): i32 {
  return i < p.inFeatures ? (readOnGrid(x + i * p.inputElemBytes, p.inputElemBytes, scale, p.inputZeroPoint as f32) as i32) : 0;
}

/**
 * Computes   D[r,o] = scale * sum over i of (weight bit ? -v[r,i] : v[r,i]), S[r] the same without signs, with v on the int8 grid and
 *            the image's scale (pack/quantize.ts); then outputValue. The sums are exact.
 * Operands   input: f32 or, with a stored scale, int8 [rows, inFeatures]. weights: bits O[Iw]. output: f32 [rows, O], or bits rows[Ow].
 * Tile       1 row x 1 filter x 16 bytes of weights.
 * Requires   scratch as drawn; batch divides rows.
 * Bounds     an i16 entry is at most 8 * 255 = 2040. i32 sums: inFeatures is at most 2^23 (checked by src/ops/layer.ts), times 255 is
 *            below 2^31.
 * See        dense_f32b1f32_bytelut, the same method in f32.
 */
export function dense_i8b1f32_bytelut(params: usize, part: u32, parts: u32): void {
  connect(params, part, parts);
}

/**
 * Computes   the same y, then one bit an output: (y < threshold) != flip.
 * Operands   as above; output: bits rows[Ow].
 * Tile       as above.
 * Requires   as above, and thresholds.
 * Bounds     as above.
 * See        dense_i8b1f32_bytelut.
 */
export function dense_i8b1b1_bytelut(params: usize, part: u32, parts: u32): void {
  connect(params, part, parts);
}
