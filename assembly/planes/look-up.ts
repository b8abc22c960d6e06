// Sums of table entries: for one block of tables, what every filter's patterns count at 32 or 64 positions. Nothing here knows the
// window: a look-up is the byte offset of an entry, shift included.
//
//   counts[f][position] += sum over the look-ups i of the block of tables[stream[f][i] + ...]
//
// Tables hold two positions a byte. A step adds three entries (nibbles up to 15) to `low`, modulo 256, and its high nibbles to `high`.
//
//                 stream  o0 o1 o2 | o3 o4 o5 | ...            tables
//                          step 0     step 1          +-----------------------+
//                             |          |        o0 >| 32 pair bytes: a, b, c|
//                 acc   low0 high0   low1 high1       +-----------------------+
//
// Bounds: entries <= 5 a nibble, so a step's nibbles <= 15; 17 steps: high <= 255, and low, made whole at the end, <= 255.
// The store in every second step is of no use to the result: V8 up to 12 would else move all loads to the front and spill.

const LOW_NIBBLES: usize = memory.data<u64>([0x0f0f0f0f0f0f0f0f, 0x0f0f0f0f0f0f0f0f], 16);

/** Steps between flushes. */
// @ts-ignore: decorator
@inline export const MAX_STEPS: u32 = 17;

/** Look-ups of a step. */
// @ts-ignore: decorator
@inline export const STEP: u32 = 3;

/** The tables' memory begins with an entry of zeros, which streams are padded with, and a line to store to. */
// @ts-ignore: decorator
@inline const BARRIER: usize = 48;

/** Where the first table lies. */
// @ts-ignore: decorator
@inline export const FIRST_TABLE: u32 = 80;

/** Bytes of a filter's counts: i16[2][16] of a vector, i16[2][32] of two. */
// @ts-ignore: decorator
@inline export const COUNT_BYTES: u32 = 128;

/** Add the look-ups of 64 positions; the first block of a tile sets the counts. */
export function lookUpPairs(tables: usize, stream: usize, steps: u32, filters: u32, counts: usize, isFirst: bool): void {
  if (isFirst) lookUp(tables, stream, steps, filters, counts, true, true);
  else lookUp(tables, stream, steps, filters, counts, true, false);
}

/** The same for 32 positions. */
export function lookUpSingles(tables: usize, stream: usize, steps: u32, filters: u32, counts: usize, isFirst: bool): void {
  if (isFirst) lookUp(tables, stream, steps, filters, counts, false, true);
  else lookUp(tables, stream, steps, filters, counts, false, false);
}

// @ts-ignore: decorator
@inline
function lookUp(tables: usize, stream: usize, steps: u32, filters: u32, counts: usize, isPair: bool, isFirst: bool): void {
  const mask = v128.load(LOW_NIBBLES);
  const streamBytes = steps * STEP * 2;
  let at = stream - (MAX_STEPS - steps) * STEP * 2;
  let a: usize, b: usize, c: usize, s: v128;
  for (; filters > 0; filters--) {
    let low0 = i8x16.splat(0);
    let high0 = i8x16.splat(0);
    let low1 = i8x16.splat(0);
    let high1 = i8x16.splat(0);
    switch (steps) {
    case 17:
      a = tables + load<u16>(at, 0);
      b = tables + load<u16>(at, 2);
      c = tables + load<u16>(at, 4);
      s = i8x16.add(i8x16.add(v128.load(a), v128.load(b)), v128.load(c));
      low0 = i8x16.add(low0, s);
      high0 = i8x16.add(high0, v128.and(i16x8.shr_u(s, 4), mask));
      if (isPair) {
        s = i8x16.add(i8x16.add(v128.load(a, 16), v128.load(b, 16)), v128.load(c, 16));
        low1 = i8x16.add(low1, s);
        high1 = i8x16.add(high1, v128.and(i16x8.shr_u(s, 4), mask));
      }
    case 16:
      a = tables + load<u16>(at, 6);
      b = tables + load<u16>(at, 8);
      c = tables + load<u16>(at, 10);
      s = i8x16.add(i8x16.add(v128.load(a), v128.load(b)), v128.load(c));
      low0 = i8x16.add(low0, s);
      high0 = i8x16.add(high0, v128.and(i16x8.shr_u(s, 4), mask));
      if (isPair) {
        s = i8x16.add(i8x16.add(v128.load(a, 16), v128.load(b, 16)), v128.load(c, 16));
        low1 = i8x16.add(low1, s);
        high1 = i8x16.add(high1, v128.and(i16x8.shr_u(s, 4), mask));
      }
      v128.store(tables, high0, BARRIER);
    case 15:
      a = tables + load<u16>(at, 12);
      b = tables + load<u16>(at, 14);
      c = tables + load<u16>(at, 16);
      s = i8x16.add(i8x16.add(v128.load(a), v128.load(b)), v128.load(c));
      low0 = i8x16.add(low0, s);
      high0 = i8x16.add(high0, v128.and(i16x8.shr_u(s, 4), mask));
      if (isPair) {
        s = i8x16.add(i8x16.add(v128.load(a, 16), v128.load(b, 16)), v128.load(c, 16));
        low1 = i8x16.add(low1, s);
        high1 = i8x16.add(high1, v128.and(i16x8.shr_u(s, 4), mask));
      }
    case 14:
      a = tables + load<u16>(at, 18);
      b = tables + load<u16>(at, 20);
      c = tables + load<u16>(at, 22);
      s = i8x16.add(i8x16.add(v128.load(a), v128.load(b)), v128.load(c));
      low0 = i8x16.add(low0, s);
      high0 = i8x16.add(high0, v128.and(i16x8.shr_u(s, 4), mask));
      if (isPair) {
        s = i8x16.add(i8x16.add(v128.load(a, 16), v128.load(b, 16)), v128.load(c, 16));
        low1 = i8x16.add(low1, s);
        high1 = i8x16.add(high1, v128.and(i16x8.shr_u(s, 4), mask));
      }
      v128.store(tables, high0, BARRIER);
    case 13:
      a = tables + load<u16>(at, 24);
      b = tables + load<u16>(at, 26);
      c = tables + load<u16>(at, 28);
      s = i8x16.add(i8x16.add(v128.load(a), v128.load(b)), v128.load(c));
      low0 = i8x16.add(low0, s);
      high0 = i8x16.add(high0, v128.and(i16x8.shr_u(s, 4), mask));
      if (isPair) {
        s = i8x16.add(i8x16.add(v128.load(a, 16), v128.load(b, 16)), v128.load(c, 16));
        low1 = i8x16.add(low1, s);
        high1 = i8x16.add(high1, v128.and(i16x8.shr_u(s, 4), mask));
      }
    case 12:
      a = tables + load<u16>(at, 30);
      b = tables + load<u16>(at, 32);
      c = tables + load<u16>(at, 34);
      s = i8x16.add(i8x16.add(v128.load(a), v128.load(b)), v128.load(c));
      low0 = i8x16.add(low0, s);
      high0 = i8x16.add(high0, v128.and(i16x8.shr_u(s, 4), mask));
      if (isPair) {
        s = i8x16.add(i8x16.add(v128.load(a, 16), v128.load(b, 16)), v128.load(c, 16));
        low1 = i8x16.add(low1, s);
        high1 = i8x16.add(high1, v128.and(i16x8.shr_u(s, 4), mask));
      }
      v128.store(tables, high0, BARRIER);
    case 11:
      a = tables + load<u16>(at, 36);
      b = tables + load<u16>(at, 38);
      c = tables + load<u16>(at, 40);
      s = i8x16.add(i8x16.add(v128.load(a), v128.load(b)), v128.load(c));
      low0 = i8x16.add(low0, s);
      high0 = i8x16.add(high0, v128.and(i16x8.shr_u(s, 4), mask));
      if (isPair) {
        s = i8x16.add(i8x16.add(v128.load(a, 16), v128.load(b, 16)), v128.load(c, 16));
        low1 = i8x16.add(low1, s);
        high1 = i8x16.add(high1, v128.and(i16x8.shr_u(s, 4), mask));
      }
    case 10:
      a = tables + load<u16>(at, 42);
      b = tables + load<u16>(at, 44);
      c = tables + load<u16>(at, 46);
      s = i8x16.add(i8x16.add(v128.load(a), v128.load(b)), v128.load(c));
      low0 = i8x16.add(low0, s);
      high0 = i8x16.add(high0, v128.and(i16x8.shr_u(s, 4), mask));
      if (isPair) {
        s = i8x16.add(i8x16.add(v128.load(a, 16), v128.load(b, 16)), v128.load(c, 16));
        low1 = i8x16.add(low1, s);
        high1 = i8x16.add(high1, v128.and(i16x8.shr_u(s, 4), mask));
      }
      v128.store(tables, high0, BARRIER);
    case 9:
      a = tables + load<u16>(at, 48);
      b = tables + load<u16>(at, 50);
      c = tables + load<u16>(at, 52);
      s = i8x16.add(i8x16.add(v128.load(a), v128.load(b)), v128.load(c));
      low0 = i8x16.add(low0, s);
      high0 = i8x16.add(high0, v128.and(i16x8.shr_u(s, 4), mask));
      if (isPair) {
        s = i8x16.add(i8x16.add(v128.load(a, 16), v128.load(b, 16)), v128.load(c, 16));
        low1 = i8x16.add(low1, s);
        high1 = i8x16.add(high1, v128.and(i16x8.shr_u(s, 4), mask));
      }
    case 8:
      a = tables + load<u16>(at, 54);
      b = tables + load<u16>(at, 56);
      c = tables + load<u16>(at, 58);
      s = i8x16.add(i8x16.add(v128.load(a), v128.load(b)), v128.load(c));
      low0 = i8x16.add(low0, s);
      high0 = i8x16.add(high0, v128.and(i16x8.shr_u(s, 4), mask));
      if (isPair) {
        s = i8x16.add(i8x16.add(v128.load(a, 16), v128.load(b, 16)), v128.load(c, 16));
        low1 = i8x16.add(low1, s);
        high1 = i8x16.add(high1, v128.and(i16x8.shr_u(s, 4), mask));
      }
      v128.store(tables, high0, BARRIER);
    case 7:
      a = tables + load<u16>(at, 60);
      b = tables + load<u16>(at, 62);
      c = tables + load<u16>(at, 64);
      s = i8x16.add(i8x16.add(v128.load(a), v128.load(b)), v128.load(c));
      low0 = i8x16.add(low0, s);
      high0 = i8x16.add(high0, v128.and(i16x8.shr_u(s, 4), mask));
      if (isPair) {
        s = i8x16.add(i8x16.add(v128.load(a, 16), v128.load(b, 16)), v128.load(c, 16));
        low1 = i8x16.add(low1, s);
        high1 = i8x16.add(high1, v128.and(i16x8.shr_u(s, 4), mask));
      }
    case 6:
      a = tables + load<u16>(at, 66);
      b = tables + load<u16>(at, 68);
      c = tables + load<u16>(at, 70);
      s = i8x16.add(i8x16.add(v128.load(a), v128.load(b)), v128.load(c));
      low0 = i8x16.add(low0, s);
      high0 = i8x16.add(high0, v128.and(i16x8.shr_u(s, 4), mask));
      if (isPair) {
        s = i8x16.add(i8x16.add(v128.load(a, 16), v128.load(b, 16)), v128.load(c, 16));
        low1 = i8x16.add(low1, s);
        high1 = i8x16.add(high1, v128.and(i16x8.shr_u(s, 4), mask));
      }
      v128.store(tables, high0, BARRIER);
    case 5:
      a = tables + load<u16>(at, 72);
      b = tables + load<u16>(at, 74);
      c = tables + load<u16>(at, 76);
      s = i8x16.add(i8x16.add(v128.load(a), v128.load(b)), v128.load(c));
      low0 = i8x16.add(low0, s);
      high0 = i8x16.add(high0, v128.and(i16x8.shr_u(s, 4), mask));
      if (isPair) {
        s = i8x16.add(i8x16.add(v128.load(a, 16), v128.load(b, 16)), v128.load(c, 16));
        low1 = i8x16.add(low1, s);
        high1 = i8x16.add(high1, v128.and(i16x8.shr_u(s, 4), mask));
      }
    case 4:
      a = tables + load<u16>(at, 78);
      b = tables + load<u16>(at, 80);
      c = tables + load<u16>(at, 82);
      s = i8x16.add(i8x16.add(v128.load(a), v128.load(b)), v128.load(c));
      low0 = i8x16.add(low0, s);
      high0 = i8x16.add(high0, v128.and(i16x8.shr_u(s, 4), mask));
      if (isPair) {
        s = i8x16.add(i8x16.add(v128.load(a, 16), v128.load(b, 16)), v128.load(c, 16));
        low1 = i8x16.add(low1, s);
        high1 = i8x16.add(high1, v128.and(i16x8.shr_u(s, 4), mask));
      }
      v128.store(tables, high0, BARRIER);
    case 3:
      a = tables + load<u16>(at, 84);
      b = tables + load<u16>(at, 86);
      c = tables + load<u16>(at, 88);
      s = i8x16.add(i8x16.add(v128.load(a), v128.load(b)), v128.load(c));
      low0 = i8x16.add(low0, s);
      high0 = i8x16.add(high0, v128.and(i16x8.shr_u(s, 4), mask));
      if (isPair) {
        s = i8x16.add(i8x16.add(v128.load(a, 16), v128.load(b, 16)), v128.load(c, 16));
        low1 = i8x16.add(low1, s);
        high1 = i8x16.add(high1, v128.and(i16x8.shr_u(s, 4), mask));
      }
    case 2:
      a = tables + load<u16>(at, 90);
      b = tables + load<u16>(at, 92);
      c = tables + load<u16>(at, 94);
      s = i8x16.add(i8x16.add(v128.load(a), v128.load(b)), v128.load(c));
      low0 = i8x16.add(low0, s);
      high0 = i8x16.add(high0, v128.and(i16x8.shr_u(s, 4), mask));
      if (isPair) {
        s = i8x16.add(i8x16.add(v128.load(a, 16), v128.load(b, 16)), v128.load(c, 16));
        low1 = i8x16.add(low1, s);
        high1 = i8x16.add(high1, v128.and(i16x8.shr_u(s, 4), mask));
      }
      v128.store(tables, high0, BARRIER);
    default:
      a = tables + load<u16>(at, 96);
      b = tables + load<u16>(at, 98);
      c = tables + load<u16>(at, 100);
      s = i8x16.add(i8x16.add(v128.load(a), v128.load(b)), v128.load(c));
      low0 = i8x16.add(low0, s);
      high0 = i8x16.add(high0, v128.and(i16x8.shr_u(s, 4), mask));
      if (isPair) {
        s = i8x16.add(i8x16.add(v128.load(a, 16), v128.load(b, 16)), v128.load(c, 16));
        low1 = i8x16.add(low1, s);
        high1 = i8x16.add(high1, v128.and(i16x8.shr_u(s, 4), mask));
      }
    }
    low0 = i8x16.sub(low0, i8x16.shl(high0, 4));
    flush(counts, i16x8.extend_low_i8x16_u(low0), isFirst);
    flush(counts + 16, i16x8.extend_high_i8x16_u(low0), isFirst);
    if (isPair) {
      low1 = i8x16.sub(low1, i8x16.shl(high1, 4));
      flush(counts + 32, i16x8.extend_low_i8x16_u(low1), isFirst);
      flush(counts + 48, i16x8.extend_high_i8x16_u(low1), isFirst);
      flush(counts + 64, i16x8.extend_low_i8x16_u(high0), isFirst);
      flush(counts + 80, i16x8.extend_high_i8x16_u(high0), isFirst);
      flush(counts + 96, i16x8.extend_low_i8x16_u(high1), isFirst);
      flush(counts + 112, i16x8.extend_high_i8x16_u(high1), isFirst);
    } else {
      flush(counts + 32, i16x8.extend_low_i8x16_u(high0), isFirst);
      flush(counts + 48, i16x8.extend_high_i8x16_u(high0), isFirst);
    }
    at += streamBytes;
    counts += COUNT_BYTES;
  }
}

// @ts-ignore: decorator
@inline
function flush(counts: usize, more: v128, isFirst: bool): void {
  v128.store(counts, isFirst ? more : i16x8.add(v128.load(counts), more));
}
