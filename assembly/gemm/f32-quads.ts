// Real matrix product with packed operands, lanes = columns: out[f][0..7] = sum over k of w[k][f] * x[k][0..7].
//
//                  x row k: 8 columns, 2 v128
//                +------+------+
//   w[k][0]  ->  |  00  |  01  |
//   w[k][1]  ->  |  10  |  11  |     8 accumulators, 2 of x, 1 splat: 11 live v128 of x86's 15
//   w[k][2]  ->  |  20  |  21  |
//   w[k][3]  ->  |  30  |  31  |
//                +------+------+
// Bounds: f32 sums in order of k: error <= depth * 2^-24 of sum |w x|.

/** Bytes of a row of four packed weights. */
const QUAD_BYTES: u32 = 16;

/** Multiply `fours` times four filters with 8 columns; their weights are `fourBytes` apart, rows of the result `rowBytes`. */
export function multiplyPairOfQuads(x: u32, weights: u32, depth: u32, fours: u32, fourBytes: u32, to: u32, rowBytes: u32): void {
  for (; fours > 0; fours--, weights += fourBytes, to += 4 * rowBytes) multiplyFourByEight(x, weights, depth, to, rowBytes);
}

// @ts-ignore: decorator
@inline
function multiplyFourByEight(x: u32, weights: u32, depth: u32, to: u32, rowBytes: u32): void {
  let acc00 = f32x4.splat(0), acc01 = acc00, acc10 = acc00, acc11 = acc00, acc20 = acc00, acc21 = acc00, acc30 = acc00, acc31 = acc00;
  for (const end = weights + depth * QUAD_BYTES; weights < end; weights += QUAD_BYTES, x += 2 * QUAD_BYTES) {
    const x0 = v128.load(x);
    const x1 = v128.load(x, 16);
    let w = v128.load32_splat(weights);
    acc00 = f32x4.add(acc00, f32x4.mul(x0, w));
    acc01 = f32x4.add(acc01, f32x4.mul(x1, w));
    w = v128.load32_splat(weights, 4);
    acc10 = f32x4.add(acc10, f32x4.mul(x0, w));
    acc11 = f32x4.add(acc11, f32x4.mul(x1, w));
    w = v128.load32_splat(weights, 8);
    acc20 = f32x4.add(acc20, f32x4.mul(x0, w));
    acc21 = f32x4.add(acc21, f32x4.mul(x1, w));
    w = v128.load32_splat(weights, 12);
    acc30 = f32x4.add(acc30, f32x4.mul(x0, w));
    acc31 = f32x4.add(acc31, f32x4.mul(x1, w));
  }
  v128.store(to, acc00);
  v128.store(to, acc01, 16);
  to += rowBytes;
  v128.store(to, acc10);
  v128.store(to, acc11, 16);
  to += rowBytes;
  v128.store(to, acc20);
  v128.store(to, acc21, 16);
  to += rowBytes;
  v128.store(to, acc30);
  v128.store(to, acc31, 16);
}

/** Multiply `fours` times four filters with the last 4 columns. */
export function multiplyQuad(x: u32, weights: u32, depth: u32, fours: u32, fourBytes: u32, to: u32, rowBytes: u32): void {
  for (; fours > 0; fours--, weights += fourBytes, to += 4 * rowBytes) multiplyFourByFour(x, weights, depth, to, rowBytes);
}

// @ts-ignore: decorator
@inline
function multiplyFourByFour(x: u32, weights: u32, depth: u32, to: u32, rowBytes: u32): void {
  let acc0 = f32x4.splat(0), acc1 = acc0, acc2 = acc0, acc3 = acc0;
  for (const end = weights + depth * QUAD_BYTES; weights < end; weights += QUAD_BYTES, x += QUAD_BYTES) {
    const x0 = v128.load(x);
    acc0 = f32x4.add(acc0, f32x4.mul(x0, v128.load32_splat(weights)));
    acc1 = f32x4.add(acc1, f32x4.mul(x0, v128.load32_splat(weights, 4)));
    acc2 = f32x4.add(acc2, f32x4.mul(x0, v128.load32_splat(weights, 8)));
    acc3 = f32x4.add(acc3, f32x4.mul(x0, v128.load32_splat(weights, 12)));
  }
  v128.store(to, acc0);
  v128.store(to + rowBytes, acc1);
  v128.store(to + 2 * rowBytes, acc2);
  v128.store(to + 3 * rowBytes, acc3);
}
