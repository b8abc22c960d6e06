// The two transforms of the Winograd convolution F(2x2, 3x3), four tiles at a time.
//
//        | 1  0 -1  0 |
//   B' = | 0  1  1  0 |    input:  V = B' d B, a tile of 4 x 4 inputs     A' = | 1  1  1  0 |   output: Y = A' M A, 2 x 2 outputs
//        | 0 -1  1  0 |                                                       | 0  1 -1 -1 |
//        | 0  1  0 -1 |

/** Transform down: every four rows, two apart, become four lines. `rowBytes` is a multiple of 16. */
export function transformRows(rows: u32, rowBytes: u32, tileRows: u32, to: u32): void {
  for (; tileRows > 0; tileRows--, rows += 2 * rowBytes, to += 4 * rowBytes) {
    for (let x: u32 = 0; x < rowBytes; x += 16) {
      const from = rows + x;
      const d0 = v128.load(from);
      const d1 = v128.load(from + rowBytes);
      const d2 = v128.load(from + 2 * rowBytes);
      const d3 = v128.load(from + 3 * rowBytes);
      storePoints(d0, d1, d2, d3, to + x, rowBytes);
    }
  }
}

/** Transform four tiles across, whose first lines begin at t0 to t3; position k goes to `to` + k * `step`. */
export function transformColumns(t0: u32, t1: u32, t2: u32, t3: u32, rowBytes: u32, to: u32, step: u32): void {
  for (let line: u32 = 0; line < 4; line++, t0 += rowBytes, t1 += rowBytes, t2 += rowBytes, t3 += rowBytes, to += 4 * step) {
    const a = v128.load(t0);
    const b = v128.load(t1);
    const c = v128.load(t2);
    const d = v128.load(t3);
    const lowAB = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
    const lowCD = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
    const highAB = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
    const highCD = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
    const d0 = v128.shuffle<i64>(lowAB, lowCD, 0, 2);
    const d1 = v128.shuffle<i64>(lowAB, lowCD, 1, 3);
    const d2 = v128.shuffle<i64>(highAB, highCD, 0, 2);
    const d3 = v128.shuffle<i64>(highAB, highCD, 1, 3);
    storePoints(d0, d1, d2, d3, to, step);
  }
}

/** Multiply with B'. */
// @ts-ignore: decorator
@inline
function storePoints(d0: v128, d1: v128, d2: v128, d3: v128, to: u32, step: u32): void {
  v128.store(to, f32x4.sub(d0, d2));
  v128.store(to + step, f32x4.add(d1, d2));
  v128.store(to + 2 * step, f32x4.sub(d2, d1));
  v128.store(to + 3 * step, f32x4.sub(d1, d3));
}

/** Transform `quads` times four tiles' products, `step` bytes from position to position, to two lines of two outputs a tile. */
export function transformProducts(from: u32, step: u32, quads: u32, line: u32, lineBytes: u32): void {
  const row = 4 * step;
  for (const end = from + (quads << 4); from < end; from += 16, line += 32) {
    const top0 = topOf(from, row);
    const top1 = topOf(from + step, row);
    const top2 = topOf(from + 2 * step, row);
    const top3 = topOf(from + 3 * step, row);
    interleave(top0, top1, top2, top3, line);
    const low0 = lowOf(from, row);
    const low1 = lowOf(from + step, row);
    const low2 = lowOf(from + 2 * step, row);
    const low3 = lowOf(from + 3 * step, row);
    interleave(low0, low1, low2, low3, line + lineBytes);
  }
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
