// The weights of the row look-ups, expanded once: which table, entry and shift the weight bits of a filter mean.
//
// A table row serves the taps of one row of the window that lie in one phase and near each other (3x3: three table rows of three
// taps; at stride 2 six, of two and one). Blocks are runs of table rows, channel group by channel group, that fit the table memory.
//
//   byte  0    4          16                                     then                    16 + 24 kernelH kernelW
//         rows -           rows x (offset, lookups, its first tap, bytes used of an entry)  taps x (tap, shift)      u16 indices
//   offset: from a position's byte in the first plane of a table's channels to where the table's entries begin
//   tap: ky kernelW + kx; shift: bytes into an entry
//   indices[group][block][filter][lookup]; two-level weights have one filter more, of zeros: its dot product is S
import { ENTRY_BYTES, LINE_BYTES } from "../../gemm/row-lut";
import { Conv2dParams } from "./params";
import { phasesW, tapLookups } from "./row-planes";

/** Table memory of a block, 12 table rows of five channels, which stay in a 48 KiB L1 cache: 3 % faster than 24 KiB (Node 20, Xeon, 2026-11). */
// @ts-ignore: decorator
@inline export const TABLES_BYTES: u32 = 30720;

/** Where the table rows are listed, and bytes of a record. */
// @ts-ignore: decorator
@inline export const ROWS_AT: u32 = 16;
// @ts-ignore: decorator
@inline export const ROW_BYTES: u32 = 16;

const TAP_BYTES: u32 = 8;

/** Where the indices begin. */
// @ts-ignore: decorator
@inline
export function firstIndex(p: Conv2dParams): u32 {
  return p.lutPtr + ROWS_AT + p.kernelH * p.kernelW * (ROW_BYTES + TAP_BYTES);
}

/** Filters of a group, and the one that sums. */
// @ts-ignore: decorator
@inline
export function indexedFilters(p: Conv2dParams): u32 {
  return p.outChannels / p.groups + u32(p.betaPtr != 0);
}

/** Table rows of a block. */
// @ts-ignore: decorator
@inline
export function rowsOfBlock(p: Conv2dParams): u32 {
  return TABLES_BYTES / (ENTRY_BYTES << p.tableChannels);
}

/** True when two taps of a window's row can share a table: same phase, and near enough for one entry. */
// @ts-ignore: decorator
@inline
function isNear(p: Conv2dParams, a: u32, b: u32, laneBytes: u32): bool {
  const from = a * p.dilationW;
  const to = b * p.dilationW;
  const segment = (ENTRY_BYTES - LINE_BYTES) / laneBytes + 1;
  return from % p.strideW == to % p.strideW && from / p.strideW / segment == to / p.strideW / segment;
}

/** Return the first tap that shares a table with tap `kx`. */
// @ts-ignore: decorator
@inline
function leaderOf(p: Conv2dParams, kx: u32, laneBytes: u32): u32 {
  let leader: u32 = 0;
  while (!isNear(p, leader, kx, laneBytes)) leader++;
  return leader;
}

// @ts-ignore: decorator
@inline
function shiftOf(p: Conv2dParams, leader: u32, kx: u32, laneBytes: u32): u32 {
  return ((kx * p.dilationW) / p.strideW - (leader * p.dilationW) / p.strideW) * laneBytes;
}

function expand(params: usize, laneBytes: u32): void {
  const p = changetype<Conv2dParams>(params);
  const filters = p.outChannels / p.groups;
  const weightWords = (p.inChannels / p.groups + 31) >> 5;
  const rows = listRows(p, laneBytes);
  const blockRows = rowsOfBlock(p);
  const allRows = rows * tapLookups(p);
  let to = firstIndex(p);
  for (let g: u32 = 0; g < p.groups; g++) {
    for (let first: u32 = 0; first < allRows; first += blockRows) {
      for (let f: u32 = 0; f < indexedFilters(p); f++) {
        const weights = p.weightsPtr + (((g * filters + f) * p.kernelH * p.kernelW * weightWords) << 2);
        for (let i: u32 = 0; i < blockRows && first + i < allRows; i++) {
          to = expandRow(p, first + i, rows, f < filters ? weights : 0, weightWords, i * (ENTRY_BYTES << p.tableChannels), to);
        }
      }
    }
  }
}

/** List the table rows of a window and their taps; returns the number of rows. */
function listRows(p: Conv2dParams, laneBytes: u32): u32 {
  let rows: u32 = 0;
  let row = p.lutPtr + ROWS_AT;
  let tap = row + p.kernelH * p.kernelW * ROW_BYTES;
  for (let ky: u32 = 0; ky < p.kernelH; ky++) {
    const y = ky * p.dilationH;
    for (let leader: u32 = 0; leader < p.kernelW; leader++) {
      if (leaderOf(p, leader, laneBytes) != leader) continue;
      const x = leader * p.dilationW;
      const phase = (y % p.strideH) * phasesW(p) + (x % p.strideW);
      store<u32>(row, phase * p.planeBytes + ((y / p.strideH) * p.planeCols + x / p.strideW) * laneBytes);
      store<u32>(row, tap, 8);
      let lookups: u32 = 0;
      for (let kx = leader; kx < p.kernelW; kx++) {
        if (!isNear(p, leader, kx, laneBytes)) continue;
        const shift = shiftOf(p, leader, kx, laneBytes);
        store<u32>(tap, ky * p.kernelW + kx);
        store<u32>(tap, shift, 4);
        tap += TAP_BYTES;
        lookups++;
      }
      store<u32>(row, lookups, 4);
      store<u32>(row, lookups > 1 ? ENTRY_BYTES : LINE_BYTES, 12);
      row += ROW_BYTES;
      rows++;
    }
  }
  store<u32>(p.lutPtr, rows);
  return rows;
}

/** Write the look-ups of one filter in one table row; `weights` 0: a filter of zeros. Returns where the next ones go. */
function expandRow(p: Conv2dParams, row: u32, rows: u32, weights: u32, weightWords: u32, table: u32, to: u32): u32 {
  const group = row / rows;
  const record = p.lutPtr + ROWS_AT + (row - group * rows) * ROW_BYTES;
  const channel = group * p.tableChannels;
  const from = weights + ((channel >> 5) << 2);
  const mask: u32 = (1 << min(p.tableChannels, p.inChannels / p.groups - channel)) - 1;
  let tap = load<u32>(record, 8);
  for (const end = to + (load<u32>(record, 4) << 1); to < end; to += 2, tap += TAP_BYTES) {
    // Two words at once, for a table's channels may lie in both.
    const pattern: u32 = weights ? ((load<u64>(from + ((load<u32>(tap) * weightWords) << 2)) >> (channel & 31)) as u32) & mask : 0;
    store<u16>(to, (table + pattern * ENTRY_BYTES + load<u32>(tap, 4)) as u16);
  }
  return to;
}

/**
 * Computes   the indices drawn above for planes of f32.
 * Operands   weights: bits OHW[Iw]. indices: drawn above.
 * Tile       none; runs once.
 * Requires   the bytes that src/ops/row-planes.ts counts.
 * Bounds     a block's tables are at most 30720 bytes, so indices fit u16.
 * See        gemm/row-lut.ts.
 */
export function conv2d_setup_rowlut_f32(params: usize): void {
  expand(params, 4);
}

/**
 * Computes   the same for planes of i16.
 * Operands   as above.
 * Tile       none; runs once.
 * Requires   as above.
 * Bounds     as above.
 * See        conv2d_setup_rowlut_f32.
 */
export function conv2d_setup_rowlut_i8(params: usize): void {
  expand(params, 2);
}
