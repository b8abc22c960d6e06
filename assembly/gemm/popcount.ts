// Binary matrix product by popcount: counts[f][r] = popcount(row[r] xor weight[f]), lanes of the result = rows.
//
//                 w0  w1            filters: words in their stored order, any multiple of 4 bytes apart
//               +-------+
//      a0  ->   | 00 01 |           rows: blocks of 128 bits, zeros after the last word
//      a1  ->   | 10 11 |
//      a2  ->   | 20 21 |           8 accumulators of 16 u8 lanes, 6 operands: 14 live v128 of x86's 15
//      a3  ->   | 30 31 |
//               +-------+
// Bounds: i8x16.popcnt lanes are <= 8, so 31 blocks sum to <= 248 in a u8 lane; sums are widened to i32 every
// 31 blocks. An i32 lane holds up to 2^31 - 1 bits, the host refuses filters of more than 2^29.
import { BLOCK_BYTES } from "../abi";

const BLOCK: u32 = BLOCK_BYTES as u32;

/** Filters so short that adding up vector lanes costs more than vectors save. */
const SHORT_BYTES: u32 = 16;
const CHUNK_BYTES: u32 = 31 * BLOCK;

/**
 * Count for `rows` rows (rounded up to 4, unless 1) and `filters` filters; `counts` has `countBytes` from filter to
 * filter. With an odd number of filters one more line of counts is overwritten.
 */
export function countDifferences(
  rowsPtr: u32, rowBytes: u32, rows: u32, weights: u32, weightBytes: u32, filters: u32, counts: u32, countBytes: u32,
): void {
  if (rows == 1) {
    countRow(rowsPtr, weights, weightBytes, filters, counts, countBytes);
    return;
  }
  for (let f: u32 = 0; f < filters; f += 2) {
    const next: u32 = f + 1 < filters ? weightBytes : 0;
    for (let r: u32 = 0; r < rows; r += 4) {
      const row = rowsPtr + r * rowBytes;
      const to = counts + (r << 2);
      if (ASC_FEATURE_SIMD && weightBytes > SHORT_BYTES) {
        count4x2(row, rowBytes, weights, weights + next, weightBytes, to, to + countBytes);
      } else {
        count2x2(row, rowBytes, weights, weights + next, weightBytes, to, to + countBytes);
        count2x2(row + 2 * rowBytes, rowBytes, weights, weights + next, weightBytes, to + 8, to + 8 + countBytes);
      }
    }
    weights += 2 * weightBytes;
    counts += 2 * countBytes;
  }
}

/** Four rows against two filters. */
function count4x2(a0: u32, rowBytes: u32, w0: u32, w1: u32, weightBytes: u32, to0: u32, to1: u32): void {
  const a1 = a0 + rowBytes;
  const a2 = a1 + rowBytes;
  const a3 = a2 + rowBytes;
  const wholeBytes = weightBytes & ~(BLOCK - 1);
  let sum0 = i32x4.splat(0);
  let sum1 = i32x4.splat(0);
  let at: u32 = 0;
  while (at < weightBytes) {
    let acc00 = i8x16.splat(0), acc01 = acc00, acc10 = acc00, acc11 = acc00;
    let acc20 = acc00, acc21 = acc00, acc30 = acc00, acc31 = acc00;
    const chunkEnd = at + CHUNK_BYTES;
    for (const end = min(chunkEnd, wholeBytes); at < end; at += BLOCK) {
      const f0 = v128.load(w0 + at);
      const f1 = v128.load(w1 + at);
      let a = v128.load(a0 + at);
      acc00 = i8x16.add(acc00, i8x16.popcnt(v128.xor(a, f0)));
      acc01 = i8x16.add(acc01, i8x16.popcnt(v128.xor(a, f1)));
      a = v128.load(a1 + at);
      acc10 = i8x16.add(acc10, i8x16.popcnt(v128.xor(a, f0)));
      acc11 = i8x16.add(acc11, i8x16.popcnt(v128.xor(a, f1)));
      a = v128.load(a2 + at);
      acc20 = i8x16.add(acc20, i8x16.popcnt(v128.xor(a, f0)));
      acc21 = i8x16.add(acc21, i8x16.popcnt(v128.xor(a, f1)));
      a = v128.load(a3 + at);
      acc30 = i8x16.add(acc30, i8x16.popcnt(v128.xor(a, f0)));
      acc31 = i8x16.add(acc31, i8x16.popcnt(v128.xor(a, f1)));
    }
    if (at < chunkEnd && at < weightBytes) {
      // The last block reaches into the next filter: keep this filter's words only. Rows end in zeros.
      const mask = tailMask(weightBytes - at);
      const f0 = v128.and(v128.load(w0 + at), mask);
      const f1 = v128.and(v128.load(w1 + at), mask);
      let a = v128.load(a0 + at);
      acc00 = i8x16.add(acc00, i8x16.popcnt(v128.xor(a, f0)));
      acc01 = i8x16.add(acc01, i8x16.popcnt(v128.xor(a, f1)));
      a = v128.load(a1 + at);
      acc10 = i8x16.add(acc10, i8x16.popcnt(v128.xor(a, f0)));
      acc11 = i8x16.add(acc11, i8x16.popcnt(v128.xor(a, f1)));
      a = v128.load(a2 + at);
      acc20 = i8x16.add(acc20, i8x16.popcnt(v128.xor(a, f0)));
      acc21 = i8x16.add(acc21, i8x16.popcnt(v128.xor(a, f1)));
      a = v128.load(a3 + at);
      acc30 = i8x16.add(acc30, i8x16.popcnt(v128.xor(a, f0)));
      acc31 = i8x16.add(acc31, i8x16.popcnt(v128.xor(a, f1)));
      at += BLOCK;
    }
    sum0 = i32x4.add(sum0, sumLanes(acc00, acc10, acc20, acc30));
    sum1 = i32x4.add(sum1, sumLanes(acc01, acc11, acc21, acc31));
  }
  v128.store(to0, sum0);
  v128.store(to1, sum1);
}

/** One row against all filters, four at a time. */
function countRow(row: u32, weights: u32, weightBytes: u32, filters: u32, counts: u32, countBytes: u32): void {
  for (let f: u32 = 0; f < filters; f += 4) {
    const last = filters - f - 1;
    const w0 = weights + f * weightBytes;
    const w1 = w0 + min<u32>(last, 1) * weightBytes;
    const w2 = w0 + min<u32>(last, 2) * weightBytes;
    const w3 = w0 + min<u32>(last, 3) * weightBytes;
    const to = counts + f * countBytes;
    if (ASC_FEATURE_SIMD) {
      const sums = count1x4(row, w0, w1, w2, w3, weightBytes);
      store<u32>(to, i32x4.extract_lane(sums, 0));
      if (last >= 1) store<u32>(to + countBytes, i32x4.extract_lane(sums, 1));
      if (last >= 2) store<u32>(to + 2 * countBytes, i32x4.extract_lane(sums, 2));
      if (last >= 3) store<u32>(to + 3 * countBytes, i32x4.extract_lane(sums, 3));
    } else {
      store<u32>(to, countPair(row, w0, weightBytes));
      if (last >= 1) store<u32>(to + countBytes, countPair(row, w1, weightBytes));
      if (last >= 2) store<u32>(to + 2 * countBytes, countPair(row, w2, weightBytes));
      if (last >= 3) store<u32>(to + 3 * countBytes, countPair(row, w3, weightBytes));
    }
  }
}

// @ts-ignore: decorator
@inline
function count1x4(row: u32, w0: u32, w1: u32, w2: u32, w3: u32, weightBytes: u32): v128 {
  const wholeBytes = weightBytes & ~(BLOCK - 1);
  let sums = i32x4.splat(0);
  let at: u32 = 0;
  while (at < weightBytes) {
    let acc0 = i8x16.splat(0), acc1 = acc0, acc2 = acc0, acc3 = acc0;
    const chunkEnd = at + CHUNK_BYTES;
    for (const end = min(chunkEnd, wholeBytes); at < end; at += BLOCK) {
      const a = v128.load(row + at);
      acc0 = i8x16.add(acc0, i8x16.popcnt(v128.xor(a, v128.load(w0 + at))));
      acc1 = i8x16.add(acc1, i8x16.popcnt(v128.xor(a, v128.load(w1 + at))));
      acc2 = i8x16.add(acc2, i8x16.popcnt(v128.xor(a, v128.load(w2 + at))));
      acc3 = i8x16.add(acc3, i8x16.popcnt(v128.xor(a, v128.load(w3 + at))));
    }
    if (at < chunkEnd && at < weightBytes) {
      const mask = tailMask(weightBytes - at);
      const a = v128.load(row + at);
      acc0 = i8x16.add(acc0, i8x16.popcnt(v128.and(v128.xor(a, v128.load(w0 + at)), mask)));
      acc1 = i8x16.add(acc1, i8x16.popcnt(v128.and(v128.xor(a, v128.load(w1 + at)), mask)));
      acc2 = i8x16.add(acc2, i8x16.popcnt(v128.and(v128.xor(a, v128.load(w2 + at)), mask)));
      acc3 = i8x16.add(acc3, i8x16.popcnt(v128.and(v128.xor(a, v128.load(w3 + at)), mask)));
      at += BLOCK;
    }
    sums = i32x4.add(sums, sumLanes(acc0, acc1, acc2, acc3));
  }
  return sums;
}

/** All ones in the first `bytes` / 4 words of a block. */
// @ts-ignore: decorator
@inline
function tailMask(bytes: u32): v128 {
  return i32x4.lt_u(i32x4(0, 4, 8, 12), i32x4.splat(bytes as i32));
}

/** Sum the u8 lanes of four vectors into one i32 lane each. Lanes <= 248: i16 sums stay <= 4 * 248. */
// @ts-ignore: decorator
@inline
function sumLanes(a: v128, b: v128, c: v128, d: v128): v128 {
  const a16 = i16x8.extadd_pairwise_i8x16_u(a);
  const b16 = i16x8.extadd_pairwise_i8x16_u(b);
  const c16 = i16x8.extadd_pairwise_i8x16_u(c);
  const d16 = i16x8.extadd_pairwise_i8x16_u(d);
  const ab = i16x8.add(v128.shuffle<i64>(a16, b16, 0, 2), v128.shuffle<i64>(a16, b16, 1, 3));
  const cd = i16x8.add(v128.shuffle<i64>(c16, d16, 0, 2), v128.shuffle<i64>(c16, d16, 1, 3));
  const ab32 = i32x4.extadd_pairwise_i16x8_u(ab);
  const cd32 = i32x4.extadd_pairwise_i16x8_u(cd);
  return i32x4.add(v128.shuffle<i32>(ab32, cd32, 0, 2, 4, 6), v128.shuffle<i32>(ab32, cd32, 1, 3, 5, 7));
}

/** Two rows against two filters, 64 bits at a time. */
function count2x2(a0: u32, rowBytes: u32, w0: u32, w1: u32, weightBytes: u32, to0: u32, to1: u32): void {
  const a1 = a0 + rowBytes;
  const wholeBytes = weightBytes & ~7;
  let acc00: u64 = 0, acc01: u64 = 0, acc10: u64 = 0, acc11: u64 = 0;
  let at: u32 = 0;
  for (; at < wholeBytes; at += 8) {
    const x0 = load<u64>(a0 + at);
    const x1 = load<u64>(a1 + at);
    const f0 = load<u64>(w0 + at);
    const f1 = load<u64>(w1 + at);
    acc00 += popcnt(x0 ^ f0);
    acc01 += popcnt(x0 ^ f1);
    acc10 += popcnt(x1 ^ f0);
    acc11 += popcnt(x1 ^ f1);
  }
  if (at < weightBytes) {
    const f0 = load<u32>(w0 + at);
    const f1 = load<u32>(w1 + at);
    acc00 += popcnt(load<u32>(a0 + at) ^ f0);
    acc01 += popcnt(load<u32>(a0 + at) ^ f1);
    acc10 += popcnt(load<u32>(a1 + at) ^ f0);
    acc11 += popcnt(load<u32>(a1 + at) ^ f1);
  }
  store<u32>(to0, acc00 as u32);
  store<u32>(to0 + 4, acc10 as u32);
  store<u32>(to1, acc01 as u32);
  store<u32>(to1 + 4, acc11 as u32);
}

/** One row against one filter. */
function countPair(row: u32, weights: u32, weightBytes: u32): u32 {
  let acc: u64 = 0;
  let at: u32 = 0;
  for (const wholeBytes = weightBytes & ~7; at < wholeBytes; at += 8) acc += popcnt(load<u64>(row + at) ^ load<u64>(weights + at));
  if (at < weightBytes) acc += popcnt(load<u32>(row + at) ^ load<u32>(weights + at));
  return acc as u32;
}

/** Count the ones of a row; `bytes` is a multiple of 8. */
export function countOnes(row: u32, bytes: u32): u32 {
  let ones: u64 = 0;
  for (const end = row + bytes; row < end; row += 8) ones += popcnt(load<u64>(row));
  return ones as u32;
}

/** Count the ones of whole words. */
export function countWords(words: u32, bytes: u32): u32 {
  let ones: u32 = 0;
  for (const end = words + bytes; words < end; words += 4) ones += popcnt(load<u32>(words));
  return ones;
}
