// The two transforms of the Winograd convolution F(2x2, 3x3), four tiles at a time.
//
//        | 1  0 -1  0 |
//   B' = | 0  1  1  0 |    input:  V = B' d B, a tile of 4 x 4 inputs     A' = | 1  1  1  0 |   output: Y = A' M A, 2 x 2 outputs
//        | 0 -1  1  0 |                                                       | 0  1 -1 -1 |
//        | 0  1  0 -1 |

/** Transform four tiles whose first inputs lie at t0 to t3; position k of the result goes to `to` + k * `step`. */
export function transformInputs(t0: u32, t1: u32, t2: u32, t3: u32, rowBytes: u32, to: u32, step: u32): void {
  const row1 = rowBytes;
  const row2 = 2 * rowBytes;
  const row3 = 3 * rowBytes;
  spread(difference(t0, 0, row2), difference(t1, 0, row2), difference(t2, 0, row2), difference(t3, 0, row2), to, step);
  to += 4 * step;
  spread(total(t0, row1, row2), total(t1, row1, row2), total(t2, row1, row2), total(t3, row1, row2), to, step);
  to += 4 * step;
  spread(difference(t0, row2, row1), difference(t1, row2, row1), difference(t2, row2, row1), difference(t3, row2, row1), to, step);
  to += 4 * step;
  spread(difference(t0, row1, row3), difference(t1, row1, row3), difference(t2, row1, row3), difference(t3, row1, row3), to, step);
}

// @ts-ignore: decorator
@inline
function difference(tile: u32, from: u32, less: u32): v128 {
  return f32x4.sub(v128.load(tile + from), v128.load(tile + less));
}

// @ts-ignore: decorator
@inline
function total(tile: u32, a: u32, b: u32): v128 {
  return f32x4.add(v128.load(tile + a), v128.load(tile + b));
}

/** Turn a row of each tile into columns of all four, and transform those. */
// @ts-ignore: decorator
@inline
function spread(a: v128, b: v128, c: v128, d: v128, to: u32, step: u32): void {
  const lowAB = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
  const lowCD = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
  const highAB = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const highCD = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  const x0 = v128.shuffle<i64>(lowAB, lowCD, 0, 2);
  const x1 = v128.shuffle<i64>(lowAB, lowCD, 1, 3);
  const x2 = v128.shuffle<i64>(highAB, highCD, 0, 2);
  const x3 = v128.shuffle<i64>(highAB, highCD, 1, 3);
  v128.store(to, f32x4.sub(x0, x2));
  v128.store(to + step, f32x4.add(x1, x2));
  v128.store(to + 2 * step, f32x4.sub(x2, x1));
  v128.store(to + 3 * step, f32x4.sub(x1, x3));
}

/** Transform four tiles' products, `step` bytes from position to position, to two lines of eight outputs. */
export function transformProducts(from: u32, step: u32, line0: u32, line1: u32): void {
  const row = 4 * step;
  const top0 = topOf(from, row);
  const top1 = topOf(from + step, row);
  const top2 = topOf(from + 2 * step, row);
  const top3 = topOf(from + 3 * step, row);
  interleave(top0, top1, top2, top3, line0);
  const low0 = lowOf(from, row);
  const low1 = lowOf(from + step, row);
  const low2 = lowOf(from + 2 * step, row);
  const low3 = lowOf(from + 3 * step, row);
  interleave(low0, low1, low2, low3, line1);
}

// @ts-ignore: decorator
@inline
function topOf(from: u32, row: u32): v128 {
  return f32x4.add(f32x4.add(v128.load(from), v128.load(from + row)), v128.load(from + 2 * row));
}

// @ts-ignore: decorator
@inline
function lowOf(from: u32, row: u32): v128 {
  return f32x4.sub(f32x4.sub(v128.load(from + row), v128.load(from + 2 * row)), v128.load(from + 3 * row));
}

/** Transform along the row, and put each tile's two outputs side by side. */
// @ts-ignore: decorator
@inline
function interleave(x0: v128, x1: v128, x2: v128, x3: v128, to: u32): void {
  const left = f32x4.add(f32x4.add(x0, x1), x2);
  const right = f32x4.sub(f32x4.sub(x1, x2), x3);
  v128.store(to, v128.shuffle<f32>(left, right, 0, 4, 1, 5));
  v128.store(to, v128.shuffle<f32>(left, right, 2, 6, 3, 7), 16);
}
