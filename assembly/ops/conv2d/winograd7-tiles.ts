// The two transforms of Winograd convolution by seven points, a, -a, b, -b, c, -c and infinity with a = 1/4, b = 7/8, c = 7/4: of tiles of
// 7 x 7 inputs to 7 x 7 positions, and back to M x M outputs, M of 3 to 5. Of all eighths tried these points err least: docs/performance.md.
//
//         positions of z, -z:  o + e, o - e     e = d5 - (qq + rr) d3 + qqrr d1     q, r: the other two of a, b, c
//   B' =                                        o = z (d4 - (qq + rr) d2 + qqrr d0)
//         of infinity:         d6 - (aa + bb + cc) d4 + (aabb + bbcc + ccaa) d2 - aabbcc d0
//
//   A' =  output k:  sum over z of z^k times the position of z; the last output has the position of infinity as well

const A: f32 = 0.25;
const B: f32 = 0.875;
const C: f32 = 1.75;
const AA: f32 = A * A;
const BB: f32 = B * B;
const CC: f32 = C * C;

/** Transform down: every seven rows, `m` apart, become seven lines. `rowBytes` is a multiple of 16. */
export function transformRows(rows: u32, rowBytes: u32, m: u32, tileRows: u32, to: u32): void {
  for (; tileRows > 0; tileRows--, rows += m * rowBytes, to += 7 * rowBytes) {
    for (let x: u32 = 0; x < rowBytes; x += 16) {
      let from = rows + x;
      const d0 = v128.load(from);
      const d1 = v128.load((from += rowBytes));
      const d2 = v128.load((from += rowBytes));
      const d3 = v128.load((from += rowBytes));
      const d4 = v128.load((from += rowBytes));
      const d5 = v128.load((from += rowBytes));
      storePoints(d0, d1, d2, d3, d4, d5, v128.load(from + rowBytes), to + x, rowBytes, to + x + 6 * rowBytes);
    }
  }
}

/**
 * Transform four tiles across, whose first lines begin at t0 to t3; position (i, k) goes to `inner` + (7 i + k) * `step`, of infinity down
 * to `bottom` + k * `bottomStep`, across to `right` + i * `rightStep`. Reads eight floats of a line.
 */
export function transformColumns(
  t0: u32, t1: u32, t2: u32, t3: u32, rowBytes: u32, inner: u32, step: u32, bottom: u32, bottomStep: u32, right: u32, rightStep: u32,
): void {
  for (let line: u32 = 0; line < 7; line++, t0 += rowBytes, t1 += rowBytes, t2 += rowBytes, t3 += rowBytes, inner += 7 * step, right += rightStep) {
    if (line == 6) {
      inner = bottom;
      step = bottomStep;
    }
    let lowAB = v128.shuffle<f32>(v128.load(t0), v128.load(t1), 0, 4, 1, 5);
    let lowCD = v128.shuffle<f32>(v128.load(t2), v128.load(t3), 0, 4, 1, 5);
    let highAB = v128.shuffle<f32>(v128.load(t0), v128.load(t1), 2, 6, 3, 7);
    let highCD = v128.shuffle<f32>(v128.load(t2), v128.load(t3), 2, 6, 3, 7);
    const d0 = v128.shuffle<i64>(lowAB, lowCD, 0, 2);
    const d1 = v128.shuffle<i64>(lowAB, lowCD, 1, 3);
    const d2 = v128.shuffle<i64>(highAB, highCD, 0, 2);
    const d3 = v128.shuffle<i64>(highAB, highCD, 1, 3);
    lowAB = v128.shuffle<f32>(v128.load(t0, 16), v128.load(t1, 16), 0, 4, 1, 5);
    lowCD = v128.shuffle<f32>(v128.load(t2, 16), v128.load(t3, 16), 0, 4, 1, 5);
    highAB = v128.shuffle<f32>(v128.load(t0, 16), v128.load(t1, 16), 2, 6, 3, 7);
    highCD = v128.shuffle<f32>(v128.load(t2, 16), v128.load(t3, 16), 2, 6, 3, 7);
    const d4 = v128.shuffle<i64>(lowAB, lowCD, 0, 2);
    const d5 = v128.shuffle<i64>(lowAB, lowCD, 1, 3);
    storePoints(d0, d1, d2, d3, d4, d5, v128.shuffle<i64>(highAB, highCD, 0, 2), inner, step, right);
  }
}

/** Multiply with B'. */
// @ts-ignore: decorator
@inline
function storePoints(d0: v128, d1: v128, d2: v128, d3: v128, d4: v128, d5: v128, d6: v128, to: u32, step: u32, last: u32): void {
  storePair(d0, d1, d2, d3, d4, d5, A, BB, CC, to, step);
  storePair(d0, d1, d2, d3, d4, d5, B, CC, AA, to + 2 * step, step);
  storePair(d0, d1, d2, d3, d4, d5, C, AA, BB, to + 4 * step, step);
  const ends = f32x4.sub(d6, f32x4.mul(d0, f32x4.splat(AA * BB * CC)));
  const middle = f32x4.sub(f32x4.mul(d2, f32x4.splat(AA * BB + BB * CC + CC * AA)), f32x4.mul(d4, f32x4.splat(AA + BB + CC)));
  v128.store(last, f32x4.add(ends, middle));
}

// @ts-ignore: decorator
@inline
function storePair(d0: v128, d1: v128, d2: v128, d3: v128, d4: v128, d5: v128, z: f32, qq: f32, rr: f32, to: u32, step: u32): void {
  const sum = f32x4.splat(qq + rr);
  const product = f32x4.splat(qq * rr);
  const even = f32x4.add(f32x4.sub(d5, f32x4.mul(d3, sum)), f32x4.mul(d1, product));
  const odd = f32x4.mul(f32x4.add(f32x4.sub(d4, f32x4.mul(d2, sum)), f32x4.mul(d0, product)), f32x4.splat(z));
  v128.store(to, f32x4.add(odd, even));
  v128.store(to + step, f32x4.sub(odd, even));
}

/** Bytes of a row of positions between the two halves of the way back, and of all such rows. */
const ROW_BYTES: u32 = 7 * 16;
// @ts-ignore: decorator
@inline export const BETWEEN_BYTES: u32 = 5 * ROW_BYTES;

/**
 * Transform `quads` times four tiles' products, `step` bytes from position to position, to `m` lines of m outputs a tile. Up to 4 - m floats are
 * written past them. `between`: BETWEEN_BYTES of scratch.
 */
export function transformProducts(from: u32, step: u32, m: u32, quads: u32, between: u32, to: u32, lineBytes: u32): void {
  if (m == 3) transformTo3(from, step, quads, between, to, lineBytes);
  else if (m == 4) transformTo4(from, step, quads, between, to, lineBytes);
  else transformTo5(from, step, quads, between, to, lineBytes);
}

function transformTo3(from: u32, step: u32, quads: u32, between: u32, to: u32, lineBytes: u32): void {
  transformQuads(3, from, step, quads, between, to, lineBytes);
}

function transformTo4(from: u32, step: u32, quads: u32, between: u32, to: u32, lineBytes: u32): void {
  transformQuads(4, from, step, quads, between, to, lineBytes);
}

function transformTo5(from: u32, step: u32, quads: u32, between: u32, to: u32, lineBytes: u32): void {
  transformQuads(5, from, step, quads, between, to, lineBytes);
}

/** Multiply with A' from both sides; `m` is a constant. */
// @ts-ignore: decorator
@inline
function transformQuads(m: u32, from: u32, step: u32, quads: u32, between: u32, to: u32, lineBytes: u32): void {
  for (const end = from + (quads << 4); from < end; from += 16, to += m << 4) {
    transformDown(m, from, step, between);
    transformAcross(m, between, to, lineBytes);
  }
}

/** Seven columns of positions become seven columns of `m`. */
// @ts-ignore: decorator
@inline
function transformDown(m: u32, from: u32, step: u32, to: u32): void {
  const down = 7 * step;
  for (const end = to + ROW_BYTES; to < end; to += 16, from += step) {
    const a0 = v128.load(from);
    const a1 = v128.load(from + down);
    const evenA = f32x4.add(a0, a1);
    const oddA = f32x4.sub(a0, a1);
    const b0 = v128.load(from + 2 * down);
    const b1 = v128.load(from + 3 * down);
    const evenB = f32x4.add(b0, b1);
    const oddB = f32x4.sub(b0, b1);
    const c0 = v128.load(from + 4 * down);
    const c1 = v128.load(from + 5 * down);
    const evenC = f32x4.add(c0, c1);
    const oddC = f32x4.sub(c0, c1);
    const infinity = v128.load(from + 6 * down);
    v128.store(to, f32x4.add(f32x4.add(evenA, evenB), evenC));
    v128.store(to, combine(oddA, oddB, oddC, A, B, C), ROW_BYTES);
    const y2 = combine(evenA, evenB, evenC, AA, BB, CC);
    v128.store(to, m == 3 ? f32x4.add(y2, infinity) : y2, 2 * ROW_BYTES);
    if (m == 3) continue;
    const y3 = combine(oddA, oddB, oddC, A * AA, B * BB, C * CC);
    v128.store(to, m == 4 ? f32x4.add(y3, infinity) : y3, 3 * ROW_BYTES);
    if (m == 4) continue;
    v128.store(to, f32x4.add(combine(evenA, evenB, evenC, AA * AA, BB * BB, CC * CC), infinity), 4 * ROW_BYTES);
  }
}

/** `m` rows of seven become lines of four tiles. */
// @ts-ignore: decorator
@inline
function transformAcross(m: u32, from: u32, to: u32, lineBytes: u32): void {
  const tileBytes = m << 2;
  for (const end = from + m * ROW_BYTES; from < end; from += ROW_BYTES, to += lineBytes) {
    const a0 = v128.load(from);
    const a1 = v128.load(from, 16);
    const evenA = f32x4.add(a0, a1);
    const oddA = f32x4.sub(a0, a1);
    const b0 = v128.load(from, 32);
    const b1 = v128.load(from, 48);
    const evenB = f32x4.add(b0, b1);
    const oddB = f32x4.sub(b0, b1);
    const c0 = v128.load(from, 64);
    const c1 = v128.load(from, 80);
    const evenC = f32x4.add(c0, c1);
    const oddC = f32x4.sub(c0, c1);
    const infinity = v128.load(from, 96);
    const y0 = f32x4.add(f32x4.add(evenA, evenB), evenC);
    const y1 = combine(oddA, oddB, oddC, A, B, C);
    let y2 = combine(evenA, evenB, evenC, AA, BB, CC);
    let y3 = infinity;
    if (m == 3) y2 = f32x4.add(y2, infinity);
    else y3 = combine(oddA, oddB, oddC, A * AA, B * BB, C * CC);
    if (m == 4) y3 = f32x4.add(y3, infinity);
    const low01 = v128.shuffle<f32>(y0, y1, 0, 4, 1, 5);
    const low23 = v128.shuffle<f32>(y2, y3, 0, 4, 1, 5);
    const high01 = v128.shuffle<f32>(y0, y1, 2, 6, 3, 7);
    const high23 = v128.shuffle<f32>(y2, y3, 2, 6, 3, 7);
    v128.store(to, v128.shuffle<i64>(low01, low23, 0, 2));
    v128.store(to + tileBytes, v128.shuffle<i64>(low01, low23, 1, 3));
    v128.store(to + 2 * tileBytes, v128.shuffle<i64>(high01, high23, 0, 2));
    v128.store(to + 3 * tileBytes, v128.shuffle<i64>(high01, high23, 1, 3));
    if (m < 5) continue;
    const y4 = f32x4.add(combine(evenA, evenB, evenC, AA * AA, BB * BB, CC * CC), infinity);
    v128.store32_lane(to, y4, 0, 16);
    v128.store32_lane(to, y4, 1, 36);
    v128.store32_lane(to, y4, 2, 56);
    v128.store32_lane(to, y4, 3, 76);
  }
}

// @ts-ignore: decorator
@inline
function combine(x: v128, y: v128, z: v128, a: f32, b: f32, c: f32): v128 {
  return f32x4.add(f32x4.add(f32x4.mul(x, f32x4.splat(a)), f32x4.mul(y, f32x4.splat(b))), f32x4.mul(z, f32x4.splat(c)));
}
