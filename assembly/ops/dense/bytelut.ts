// Fully connected layer of f32 inputs and binary weights by look-up: for every eight inputs a table of their 256 signed
// sums is built once per row, and every filter reads it at its own eight weight bits.
//
// Scratch of a thread:
//   OutputTile (64) | sum: f32, padding to 16 | dots: f32[O] rounded up to 16 bytes, plus 16 | tables: 32 x 1024
import { Comparison } from "../../output/comparison";
import { openRow, TILE_BYTES } from "../../output/tile";
import { writeTile } from "../../output/write";
import { DenseParams, firstOfPart } from "./params";

/** Tables at once, one for each byte of weights: 32 KiB, an L1 cache; half of it makes large layers a quarter slower (Xeon, 2026-11). */
const MAX_TABLES: u32 = 32;
const TABLE_BYTES: u32 = 256 << 2;

/** Compute the filters of one part. */
function connect(params: usize, part: u32, parts: u32): void {
  const p = changetype<DenseParams>(params);
  const inBytes = p.inFeatures << 2;
  const weightBytes = ((p.inFeatures + 31) >> 5) << 2;
  const toBits = p.thresholdsPtr != 0;
  const outBytes = toBits ? ((p.outChannels + 31) >> 5) << 2 : p.outChannels << 2;
  const first = firstOfPart(p.outChannels, part, parts);
  const filters = firstOfPart(p.outChannels, part + 1, parts) - first;
  if (filters == 0) return;
  const dotsBytes = filters << 2;
  const scratch = p.scratchPtr + part * p.threadBytes;
  const sum = scratch + TILE_BYTES;
  const dots = sum + 16;
  const tables = dots + ((dotsBytes + 15) & ~15) + 16;

  const tile = openRow(scratch, dots, sum, first, filters, outBytes);

  const allTables = (p.inFeatures + 7) >> 3;
  for (let r: u32 = 0; r < p.rows; r++) {
    const x = p.inputPtr + r * inBytes;
    let total: f32 = 0;
    memory.fill(dots, 0, dotsBytes);
    for (let byte: u32 = 0; byte < allTables; byte += MAX_TABLES) {
      const count = min(MAX_TABLES, allTables - byte);
      for (let t: u32 = 0; t < count; t++) {
        const table = tables + t * TABLE_BYTES;
        buildTable(x, (byte + t) << 3, p.inFeatures, table);
        total += load<f32>(table);
      }
      addLookups(tables, count, p.weightsPtr + first * weightBytes + byte, weightBytes, dots, dots + dotsBytes);
    }
    store<f32>(sum, total);
    const output = p.outputPtr + r * outBytes;
    if (toBits) memory.fill(output + (first >> 3), 0, ((filters + 31) >> 5) << 2);
    tile.outPtr = toBits ? output : output + (first << 2);
    writeTile(p, tile, Comparison.VALUES);
  }
}

/** table[b] = sum over j < 8 of (bit j of b ? -1 : +1) * x[first + j]; features past the end count as 0. */
function buildTable(x: u32, first: u32, features: u32, table: u32): void {
  const x0 = read(x, first, features);
  const x1 = read(x, first + 1, features);
  const x2 = read(x, first + 2, features);
  const x3 = read(x, first + 3, features);
  const x4 = read(x, first + 4, features);
  const x5 = read(x, first + 5, features);
  const x6 = read(x, first + 6, features);
  const x7 = read(x, first + 7, features);
  if (ASC_FEATURE_SIMD) {
    const pairs = f32x4(x0 + x1, x1 - x0, x0 - x1, -x0 - x1);
    const low0 = f32x4.add(pairs, f32x4.splat(x2 + x3));
    const low1 = f32x4.add(pairs, f32x4.splat(x3 - x2));
    const low2 = f32x4.add(pairs, f32x4.splat(x2 - x3));
    const low3 = f32x4.add(pairs, f32x4.splat(-x2 - x3));
    for (let b: u32 = 0; b < 16; b++, table += 64) {
      const high = f32x4.splat(signedSum(b, x4, x5, x6, x7));
      v128.store(table, f32x4.add(low0, high));
      v128.store(table, f32x4.add(low1, high), 16);
      v128.store(table, f32x4.add(low2, high), 32);
      v128.store(table, f32x4.add(low3, high), 48);
    }
  } else {
    // The sums of the low half wait in the last line of the table, which is made last.
    const low = table + TABLE_BYTES - 64;
    for (let a: u32 = 0; a < 16; a++) store<f32>(low + (a << 2), signedSum(a, x0, x1, x2, x3));
    for (let b: u32 = 0; b < 16; b++, table += 64) {
      const high = signedSum(b, x4, x5, x6, x7);
      for (let at: u32 = 0; at < 64; at += 4) store<f32>(table + at, load<f32>(low + at) + high);
    }
  }
}

// @ts-ignore: decorator
@inline
function read(x: u32, i: u32, features: u32): f32 {
  return i < features ? load<f32>(x + (i << 2)) : 0;
}

// @ts-ignore: decorator
@inline
function signedSum(bits: u32, a: f32, b: f32, c: f32, d: f32): f32 {
  return (bits & 1 ? -a : a) + (bits & 2 ? -b : b) + ((bits & 4 ? -c : c) + (bits & 8 ? -d : d));
}

/** Add the look-ups of `count` bytes of weights to every filter's dot. */
function addLookups(tables: u32, count: u32, weights: u32, weightBytes: u32, dot: u32, end: u32): void {
  if (count == MAX_TABLES) {
    for (; dot < end; dot += 4, weights += weightBytes) {
      store<f32>(dot, load<f32>(dot) + (lookUp16(tables, weights) + lookUp16(tables + 16 * TABLE_BYTES, weights + 16)));
    }
    return;
  }
  for (; dot < end; dot += 4, weights += weightBytes) {
    let sum = load<f32>(dot);
    let table = tables;
    let at: u32 = 0;
    for (; at + 4 <= count; at += 4, table += 4 * TABLE_BYTES) sum += lookUp4(table, load<u32>(weights + at));
    for (; at < count; at++, table += TABLE_BYTES) sum += load<f32>(table + ((load<u8>(weights + at) as u32) << 2));
    store<f32>(dot, sum);
  }
}

/** The sum of 16 tables' entries for 16 bytes. */
// @ts-ignore: decorator
@inline
function lookUp16(table: u32, weights: u32): f32 {
  const low = lookUp4(table, load<u32>(weights)) + lookUp4(table + 4 * TABLE_BYTES, load<u32>(weights, 4));
  const high = lookUp4(table + 8 * TABLE_BYTES, load<u32>(weights, 8)) + lookUp4(table + 12 * TABLE_BYTES, load<u32>(weights, 12));
  return low + high;
}

/** The sum of four tables' entries for the four bytes of a word. */
// @ts-ignore: decorator
@inline
function lookUp4(table: u32, word: u32): f32 {
  const even = load<f32>(table + ((word << 2) & 0x3fc)) + load<f32>(table + ((word >> 14) & 0x3fc), 2 * TABLE_BYTES);
  const odd = load<f32>(table + ((word >> 6) & 0x3fc), TABLE_BYTES) + load<f32>(table + ((word >> 22) & 0x3fc), 3 * TABLE_BYTES);
  return even + odd;
}

/**
 * Computes   D[r,o] = sum over i of (weight bit ? -x[r,i] : x[r,i]), S[r] = sum of x[r,i]; then outputValue.
 * Operands   input: f32 [rows, inFeatures]. weights: bits O[Iw]. output: f32 [rows, O], or bits rows[Ow].
 * Tile       1 row x 1 filter x 16 bytes of weights; two partial sums.
 * Requires   scratch as drawn.
 * Bounds     f32 sums: relative error <= (inFeatures / 8 + 4) * 2^-24 of sum |x|.
 * See        gemm/row-lut.ts, the same method with pixels in the lanes.
 */
export function dense_f32b1f32_bytelut(params: usize, part: u32, parts: u32): void {
  connect(params, part, parts);
}

/**
 * Computes   the same y, then one bit an output: (y < threshold) != flip.
 * Operands   as above; output: bits rows[Ow].
 * Tile       as above.
 * Requires   as above, and thresholds.
 * Bounds     as above.
 * See        dense_f32b1f32_bytelut.
 */
export function dense_f32b1b1_bytelut(params: usize, part: u32, parts: u32): void {
  connect(params, part, parts);
}
