// Real inputs times sign bits by tables, lanes = pixels: the "Four Russians" product.
//
//   table[g][w][0..15] = sum over j < 4 of (bit j of w ? -1 : +1) * panel[4 g + j][0..15],  w = 0..15
//   dots[f][0..15]    += sum over g of table[g][nibble g of filter f]
// A table entry stands for 4 multiply-adds of 16 pixels. Tables of 16 groups (16 KiB) stay in L1 while all filters
// look them up. Entries are made of two halves, so that each is two roundings away from exact.
// Bounds: f32 sums; relative error <= (groups + 2) * 2^-24 of sum |x|.
// See: Arlazarov, Dinic, Kronrod, Faradzev 1970, for the method.
import { PANEL_ROW_BYTES } from "../pack/pixels";

/** Bytes of the table of one group. */
// @ts-ignore: decorator
@inline export const TABLE_BYTES: u32 = 16 * PANEL_ROW_BYTES;

/** Build the tables of `groups` groups of four panel rows, and add the rows to `sums` (f32[16]). */
export function buildTables(panel: u32, groups: u32, tables: u32, sums: u32): void {
  for (; groups > 0; groups--) {
    for (let at: u32 = 0; at < PANEL_ROW_BYTES; ) {
      if (ASC_FEATURE_SIMD) {
        buildVectors(panel + at, tables + at, sums + at);
        at += 16;
      } else {
        buildScalars(panel + at, tables + at, sums + at);
        at += 4;
      }
    }
    panel += 4 * PANEL_ROW_BYTES;
    tables += TABLE_BYTES;
  }
}

// @ts-ignore: decorator
@inline
function buildVectors(panel: u32, table: u32, sums: u32): void {
  const x0 = v128.load(panel);
  const x1 = v128.load(panel, 64);
  const x2 = v128.load(panel, 128);
  const x3 = v128.load(panel, 192);
  const low0 = f32x4.add(x0, x1);
  const low1 = f32x4.sub(x1, x0);
  const low2 = f32x4.sub(x0, x1);
  const low3 = f32x4.neg(low0);
  const high0 = f32x4.add(x2, x3);
  const high1 = f32x4.sub(x3, x2);
  const all = f32x4.add(low0, high0);
  v128.store(sums, f32x4.add(v128.load(sums), all));
  v128.store(table, all);
  v128.store(table, f32x4.add(low1, high0), 64);
  v128.store(table, f32x4.add(low2, high0), 128);
  v128.store(table, f32x4.add(low3, high0), 192);
  v128.store(table, f32x4.add(low0, high1), 256);
  v128.store(table, f32x4.add(low1, high1), 320);
  v128.store(table, f32x4.add(low2, high1), 384);
  v128.store(table, f32x4.add(low3, high1), 448);
  v128.store(table, f32x4.sub(low0, high1), 512);
  v128.store(table, f32x4.sub(low1, high1), 576);
  v128.store(table, f32x4.sub(low2, high1), 640);
  v128.store(table, f32x4.sub(low3, high1), 704);
  v128.store(table, f32x4.sub(low0, high0), 768);
  v128.store(table, f32x4.sub(low1, high0), 832);
  v128.store(table, f32x4.sub(low2, high0), 896);
  v128.store(table, f32x4.sub(low3, high0), 960);
}

// @ts-ignore: decorator
@inline
function buildScalars(panel: u32, table: u32, sums: u32): void {
  const x0 = load<f32>(panel);
  const x1 = load<f32>(panel, 64);
  const x2 = load<f32>(panel, 128);
  const x3 = load<f32>(panel, 192);
  const low0 = x0 + x1;
  const low1 = x1 - x0;
  const low2 = x0 - x1;
  const low3 = -low0;
  const high0 = x2 + x3;
  const high1 = x3 - x2;
  const all = low0 + high0;
  store<f32>(sums, load<f32>(sums) + all);
  store<f32>(table, all);
  store<f32>(table, low1 + high0, 64);
  store<f32>(table, low2 + high0, 128);
  store<f32>(table, low3 + high0, 192);
  store<f32>(table, low0 + high1, 256);
  store<f32>(table, low1 + high1, 320);
  store<f32>(table, low2 + high1, 384);
  store<f32>(table, low3 + high1, 448);
  store<f32>(table, low0 - high1, 512);
  store<f32>(table, low1 - high1, 576);
  store<f32>(table, low2 - high1, 640);
  store<f32>(table, low3 - high1, 704);
  store<f32>(table, low0 - high0, 768);
  store<f32>(table, low1 - high0, 832);
  store<f32>(table, low2 - high0, 896);
  store<f32>(table, low3 - high0, 960);
}

/**
 * Add the look-ups of a run of weight words to the dots of all filters: of word i its lowest groups[i] nibbles (u32 each),
 * from consecutive tables. With an odd number of filters one more line of dots is written.
 */
export function addLookups(tables: u32, groups: u32, words: u32, weights: u32, weightBytes: u32, filters: u32, dots: u32): void {
  for (let f: u32 = 0; f < filters; f += 2) {
    const next = f + 1 < filters ? weights + weightBytes : weights;
    if (ASC_FEATURE_SIMD) {
      addPair(tables, groups, words, weights, next, dots);
    } else {
      for (let at: u32 = 0; at < PANEL_ROW_BYTES; at += 16) addPairScalar(tables + at, groups, words, weights, next, dots + at);
    }
    weights += 2 * weightBytes;
    dots += 2 * PANEL_ROW_BYTES;
  }
}

/** Bits of a table's offset: the nibble, times 64 bytes an entry. */
const ENTRY_MASK: u32 = 15 << 6;

/**
 * 16 pixels against two filters: 8 accumulators. The store between the filters is of no use to the result: it keeps V8
 * up to 12 from moving all eight loads to the front, which spills (+10 %: Node 20, 56x56x64, Xeon, 2026-11).
 */
function addPair(table: u32, groups: u32, words: u32, w0: u32, w1: u32, dots: u32): void {
  let acc00 = v128.load(dots), acc01 = v128.load(dots, 16), acc02 = v128.load(dots, 32), acc03 = v128.load(dots, 48);
  let acc10 = v128.load(dots, 64), acc11 = v128.load(dots, 80), acc12 = v128.load(dots, 96), acc13 = v128.load(dots, 112);
  for (const end = w0 + (words << 2); w0 < end; w0 += 4, w1 += 4, groups += 4) {
    let bits0 = rotl<u32>(load<u32>(w0), 6);
    let bits1 = rotl<u32>(load<u32>(w1), 6);
    for (const last = table + load<u32>(groups) * TABLE_BYTES; table < last; table += TABLE_BYTES) {
      const entry0 = table + (bits0 & ENTRY_MASK);
      const entry1 = table + (bits1 & ENTRY_MASK);
      acc00 = f32x4.add(acc00, v128.load(entry0));
      acc01 = f32x4.add(acc01, v128.load(entry0, 16));
      acc02 = f32x4.add(acc02, v128.load(entry0, 32));
      acc03 = f32x4.add(acc03, v128.load(entry0, 48));
      v128.store(dots, acc00);
      acc10 = f32x4.add(acc10, v128.load(entry1));
      acc11 = f32x4.add(acc11, v128.load(entry1, 16));
      acc12 = f32x4.add(acc12, v128.load(entry1, 32));
      acc13 = f32x4.add(acc13, v128.load(entry1, 48));
      bits0 = rotr<u32>(bits0, 4);
      bits1 = rotr<u32>(bits1, 4);
    }
  }
  v128.store(dots, acc00);
  v128.store(dots, acc01, 16);
  v128.store(dots, acc02, 32);
  v128.store(dots, acc03, 48);
  v128.store(dots, acc10, 64);
  v128.store(dots, acc11, 80);
  v128.store(dots, acc12, 96);
  v128.store(dots, acc13, 112);
}

/** Four pixels against two filters. */
function addPairScalar(table: u32, groups: u32, words: u32, w0: u32, w1: u32, dots: u32): void {
  let acc00 = load<f32>(dots), acc01 = load<f32>(dots, 4), acc02 = load<f32>(dots, 8), acc03 = load<f32>(dots, 12);
  let acc10 = load<f32>(dots, 64), acc11 = load<f32>(dots, 68), acc12 = load<f32>(dots, 72), acc13 = load<f32>(dots, 76);
  for (const end = w0 + (words << 2); w0 < end; w0 += 4, w1 += 4, groups += 4) {
    let bits0 = rotl<u32>(load<u32>(w0), 6);
    let bits1 = rotl<u32>(load<u32>(w1), 6);
    for (const last = table + load<u32>(groups) * TABLE_BYTES; table < last; table += TABLE_BYTES) {
      const entry0 = table + (bits0 & ENTRY_MASK);
      const entry1 = table + (bits1 & ENTRY_MASK);
      acc00 += load<f32>(entry0);
      acc01 += load<f32>(entry0, 4);
      acc02 += load<f32>(entry0, 8);
      acc03 += load<f32>(entry0, 12);
      acc10 += load<f32>(entry1);
      acc11 += load<f32>(entry1, 4);
      acc12 += load<f32>(entry1, 8);
      acc13 += load<f32>(entry1, 12);
      bits0 = rotr<u32>(bits0, 4);
      bits1 = rotr<u32>(bits1, 4);
    }
  }
  store<f32>(dots, acc00);
  store<f32>(dots, acc01, 4);
  store<f32>(dots, acc02, 8);
  store<f32>(dots, acc03, 12);
  store<f32>(dots, acc10, 64);
  store<f32>(dots, acc11, 68);
  store<f32>(dots, acc12, 72);
  store<f32>(dots, acc13, 76);
}
