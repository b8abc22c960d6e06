// Products of pairs of i16, lanes = filters: sums[pixel][0..7] += x[pixel][2k] w[2k][f] + x[pixel][2k + 1] w[2k + 1][f].
//
//                 weights of pair k: 8 filters, 2 v128
//                +------+------+
//   x0[k] pair-> |  00  |  01  |
//   x1[k]     -> |  10  |  11  |     8 accumulators of i32, 2 of weights, 1 splat, 1 product: 12 live v128 of x86's 15
//   x2[k]     -> |  20  |  21  |
//   x3[k]     -> |  30  |  31  |
//                +------+------+
// Bounds: the caller's: i32 sums must not overflow.

/** Bytes of a pair's weights of 8 filters. */
const STEP_BYTES: u32 = 32;

/**
 * Multiply four pixels, `stepBytes` apart, with 8 filters: `rows` runs of `pairs` pairs, `rowBytes` apart. The sums of each filter
 * times its factor go to `to` as four f32, filters `toBytes` apart.
 */
export function multiplyPairs(
  x: u32, stepBytes: u32, rowBytes: u32, weights: u32, rows: u32, pairs: u32, factors: u32, scale: f32, to: u32, toBytes: u32,
): void {
  let acc00 = i32x4.splat(0), acc01 = acc00, acc10 = acc00, acc11 = acc00, acc20 = acc00, acc21 = acc00, acc30 = acc00, acc31 = acc00;
  for (; rows > 0; rows--, x += rowBytes) {
    let x0 = x;
    let x1 = x + stepBytes;
    let x2 = x1 + stepBytes;
    let x3 = x2 + stepBytes;
    for (const end = weights + pairs * STEP_BYTES; weights < end; weights += STEP_BYTES, x0 += 4, x1 += 4, x2 += 4, x3 += 4) {
      const w0 = v128.load(weights);
      const w1 = v128.load(weights, 16);
      let pair = v128.load32_splat(x0);
      acc00 = i32x4.add(acc00, i32x4.dot_i16x8_s(pair, w0));
      acc01 = i32x4.add(acc01, i32x4.dot_i16x8_s(pair, w1));
      pair = v128.load32_splat(x1);
      acc10 = i32x4.add(acc10, i32x4.dot_i16x8_s(pair, w0));
      acc11 = i32x4.add(acc11, i32x4.dot_i16x8_s(pair, w1));
      pair = v128.load32_splat(x2);
      acc20 = i32x4.add(acc20, i32x4.dot_i16x8_s(pair, w0));
      acc21 = i32x4.add(acc21, i32x4.dot_i16x8_s(pair, w1));
      pair = v128.load32_splat(x3);
      acc30 = i32x4.add(acc30, i32x4.dot_i16x8_s(pair, w0));
      acc31 = i32x4.add(acc31, i32x4.dot_i16x8_s(pair, w1));
    }
  }
  const scales = f32x4.splat(scale);
  storeFour(acc00, acc10, acc20, acc30, f32x4.mul(v128.load(factors), scales), to, toBytes);
  storeFour(acc01, acc11, acc21, acc31, f32x4.mul(v128.load(factors, 16), scales), to + 4 * toBytes, toBytes);
}

/** Turn four pixels of four filters into four filters of four pixels, as f32. */
// @ts-ignore: decorator
@inline
function storeFour(p0: v128, p1: v128, p2: v128, p3: v128, factors: v128, to: u32, toBytes: u32): void {
  const a = f32x4.mul(f32x4.convert_i32x4_s(p0), factors);
  const b = f32x4.mul(f32x4.convert_i32x4_s(p1), factors);
  const c = f32x4.mul(f32x4.convert_i32x4_s(p2), factors);
  const d = f32x4.mul(f32x4.convert_i32x4_s(p3), factors);
  const lowAB = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
  const lowCD = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
  const highAB = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const highCD = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<i64>(lowAB, lowCD, 0, 2));
  v128.store(to + toBytes, v128.shuffle<i64>(lowAB, lowCD, 1, 3));
  v128.store(to + 2 * toBytes, v128.shuffle<i64>(highAB, highCD, 0, 2));
  v128.store(to + 3 * toBytes, v128.shuffle<i64>(highAB, highCD, 1, 3));
}
