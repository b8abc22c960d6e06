// Fully connected layer of binary inputs and binary weights by sums of weight rows: an input bit either selects its row of the
// transposed weights or does not, and the counts of 128 filters grow together. Only the rarer kind of bit is summed, at most
// half of the rows; what the others would add follows from the filters' totals.
//
// With C the count of weight bits 1 in the selected rows, T in all, S = depth - 2 popcount(x):
//   selected are the bits 1:   popcount(x xor w) = T + popcount(x) - 2 C    D = S - 2 (T - 2 C)
//   selected are the bits 0:   popcount(x xor w) = 2 C + popcount(x) - T    D = S + 2 (T - 2 C)
//
// Table, R = 32 Iw rows, N = outChannels rounded up to 128:
//   totals: i32[N] | panels: N / 128 x (R + 1) x 16 bytes, bit f of row i of panel p = bit i of filter 128 p + f; the last row is 0
// Scratch of a thread, P = tilePixels:
//   OutputTile (64) | sum: f32, padding to 16 | state (512) | dots: [128] | 16 | rows: P x (2 R + 80):
//   list's bytes | factor: i32 | S: i32 | padding to 16 | list: u32[R / 2], filled up to a multiple of 16
import { countsToDots, listRows, PANEL_FILTERS, PANEL_ROW_BYTES, STATE_BYTES, sumRows } from "../../gemm/bitslice";
import { countWords } from "../../gemm/popcount";
import { Comparison, comparisonOf } from "../../output/comparison";
import { openRow, TILE_BYTES } from "../../output/tile";
import { writeTile } from "../../output/write";
import { DenseParams } from "./params";

const RECORD_BYTES: u32 = 16;

/** Compute the filters of one part. */
function connect(params: usize, part: u32, parts: u32, toBits: bool): void {
  const p = changetype<DenseParams>(params);
  const inBytes = ((p.inFeatures + 31) >> 5) << 2;
  const outBytes = toBits ? ((p.outChannels + 31) >> 5) << 2 : p.outChannels << 2;
  const tableRows = inBytes << 3;
  const panels = (p.outChannels + PANEL_FILTERS - 1) / PANEL_FILTERS;
  const panelBytes = (tableRows + 1) * PANEL_ROW_BYTES;
  const firstPanel = p.tablePtr + panels * PANEL_FILTERS * 4;
  const begin = (part * panels) / parts;
  const end = ((part + 1) * panels) / parts;
  const scratch = p.scratchPtr + part * p.threadBytes;
  const sum = scratch + TILE_BYTES;
  const state = sum + 16;
  const dots = state + STATE_BYTES;
  const rows = dots + PANEL_FILTERS * 4 + 16;
  const rowBytes = 2 * tableRows + 80;
  const comparison = comparisonOf(p, 0);

  const tile = openRow(scratch, dots, sum, 0, 0, outBytes);

  for (let first: u32 = 0; first < p.rows; first += p.tilePixels) {
    const count = min(p.tilePixels, p.rows - first);
    for (let r: u32 = 0; r < count; r++) selectRows(p, p.inputPtr + (first + r) * inBytes, inBytes, rows + r * rowBytes);
    for (let panel = begin; panel < end; panel++) {
      const filter = panel * PANEL_FILTERS;
      tile.firstFilter = filter;
      tile.filters = min(PANEL_FILTERS, p.outChannels - filter);
      for (let r: u32 = 0; r < count; r++) {
        const row = rows + r * rowBytes;
        const list = row + RECORD_BYTES;
        const listBytes = load<u32>(row);
        const output = p.outputPtr + (first + r) * outBytes;
        sumRows(list, list + listBytes, firstPanel + panel * panelBytes, state);
        countsToDots(state, listBytes > 255 << 2, p.tablePtr + (filter << 2), load<i32>(row, 4), load<i32>(row, 8), comparison != Comparison.DOTS, dots);
        store<f32>(sum, load<i32>(row, 8) as f32);
        tile.outPtr = toBits ? output : output + (filter << 2);
        writeTile(p, tile, comparison);
      }
    }
  }
}

/** List the rarer kind of an input row's bits, and note how its sums become dot products. */
function selectRows(p: DenseParams, x: u32, bytes: u32, row: u32): void {
  const ones = countWords(x, bytes);
  const isMostlyOnes = ones > bytes << 2;
  const list = row + RECORD_BYTES;
  store<u32>(row, listRows(x, bytes, isMostlyOnes ? u32.MAX_VALUE : 0, list) - list);
  store<i32>(row, isMostlyOnes ? 2 : -2, 4);
  store<i32>(row, p.depth - (ones << 1), 8);
}

/**
 * Computes   D[r,o] = depth - 2 popcount(x[r] xor w[o]) by sums of selected weight rows, S[r] = depth - 2 popcount(x[r]).
 *            Output: f32 by outputValue; bits by thresholds, on D itself for sign weights.
 * Operands   input: bits rows[Iw]. table: as drawn, made by dense_setup_bitslice. output: f32 [rows, O], or bits rows[Ow].
 * Tile       1 row x 128 filters x 16 weight rows: four planes and up to seven more, 11 live v128; see gemm/bitslice.ts.
 * Requires   scratch and table as drawn; inFeatures <= 65,536, rounded up to words.
 * Bounds     at most half of the rows are selected, so counts are <= 32,768 in planes that hold 65,535; D fits an i32.
 * See        gemm/bitslice.ts; docs/binary-math.md section 1.
 */
export function dense_b1b1f32_bitslice_1x128(params: usize, part: u32, parts: u32): void {
  connect(params, part, parts, false);
}

/**
 * Computes   the same D and S, then one bit an output: (D < threshold) != flip; two-level: output/levels.ts.
 * Operands   as above; output: bits rows[Ow]; thresholds: i32[O] for sign weights, else f32[O].
 * Tile       as above.
 * Requires   as above, and thresholds.
 * Bounds     as above.
 * See        dense_b1b1f32_bitslice_1x128.
 */
export function dense_b1b1b1_bitslice_1x128(params: usize, part: u32, parts: u32): void {
  connect(params, part, parts, true);
}

/** Load 16 bytes that lie `stride` bytes apart. */
// @ts-ignore: decorator
@inline
function loadColumn(at: u32, stride: u32): v128 {
  const at4 = at + 4 * stride;
  const at8 = at4 + 4 * stride;
  const at12 = at8 + 4 * stride;
  const stride2 = 2 * stride;
  const stride3 = stride2 + stride;
  let bytes = i8x16.splat(load<u8>(at));
  bytes = v128.load8_lane(at + stride, bytes, 1);
  bytes = v128.load8_lane(at + stride2, bytes, 2);
  bytes = v128.load8_lane(at + stride3, bytes, 3);
  bytes = v128.load8_lane(at4, bytes, 4);
  bytes = v128.load8_lane(at4 + stride, bytes, 5);
  bytes = v128.load8_lane(at4 + stride2, bytes, 6);
  bytes = v128.load8_lane(at4 + stride3, bytes, 7);
  bytes = v128.load8_lane(at8, bytes, 8);
  bytes = v128.load8_lane(at8 + stride, bytes, 9);
  bytes = v128.load8_lane(at8 + stride2, bytes, 10);
  bytes = v128.load8_lane(at8 + stride3, bytes, 11);
  bytes = v128.load8_lane(at12, bytes, 12);
  bytes = v128.load8_lane(at12 + stride, bytes, 13);
  bytes = v128.load8_lane(at12 + stride2, bytes, 14);
  return v128.load8_lane(at12 + stride3, bytes, 15);
}

/**
 * Computes   the table drawn above: totals[o] = popcount(w[o]), and the weights transposed into panels of 128 filters.
 * Operands   weights: bits O[Iw]. table: as drawn.
 * Tile       16 filters x 8 features: their bytes in one vector, and one mask of top bits a feature.
 * Requires   16 bytes of scratch.
 * Bounds     totals are <= inFeatures.
 * See        dense_b1b1f32_bitslice_1x128, which reads it.
 */
export function dense_setup_bitslice(params: usize): void {
  const p = changetype<DenseParams>(params);
  const inBytes = ((p.inFeatures + 31) >> 5) << 2;
  const filters = (p.outChannels + PANEL_FILTERS - 1) & ~(PANEL_FILTERS - 1);
  const rowsBytes = (inBytes << 3) * PANEL_ROW_BYTES;
  let panel = p.tablePtr + (filters << 2);
  for (let filter: u32 = 0; filter < filters; filter += 16) {
    const column = panel + ((filter >> 3) & (PANEL_ROW_BYTES - 1));
    for (let i: u32 = 0; i < 16; i++) {
      const isUsed = filter + i < p.outChannels;
      store<u32>(p.tablePtr + ((filter + i) << 2), isUsed ? countWords(p.weightsPtr + (filter + i) * inBytes, inBytes) : 0);
    }
    const weights = p.weightsPtr + filter * inBytes;
    const isFull = filter + 16 <= p.outChannels;
    for (let byte: u32 = 0; byte < inBytes; byte++) {
      let bytes: v128;
      if (isFull) {
        bytes = loadColumn(weights + byte, inBytes);
      } else {
        for (let i: u32 = 0; i < 16; i++) store<u8>(p.scratchPtr + i, filter + i < p.outChannels ? load<u8>(weights + i * inBytes + byte) : 0);
        bytes = v128.load(p.scratchPtr);
      }
      let to = column + ((byte << 3) + 7) * PANEL_ROW_BYTES;
      for (let bit = 0; bit < 8; bit++, to -= PANEL_ROW_BYTES) {
        store<u16>(to, i8x16.bitmask(bytes));
        bytes = i8x16.add(bytes, bytes);
      }
    }
    store<u16>(column + rowsBytes, 0);
    if (((filter + 16) & (PANEL_FILTERS - 1)) == 0) panel += rowsBytes + PANEL_ROW_BYTES;
  }
}
