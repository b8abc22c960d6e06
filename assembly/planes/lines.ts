// The bits of two-level weights in whole numbers. What output/levels.ts decides has a straight line of the plane of D and S as its limit,
// and is only asked at points of a grid:
//
//   u = (depth - D) / unit,  v = (depth - S) / unit,        0 <= u, v <= range
//
// so the line can be turned, without passing a point, until it is that of p u + q v < t with whole p, q and t: the same answers everywhere.
// Unit 2, unless positions differ in how many products count. Derivation: docs/binary-math.md section 9.
//
//   Line:   byte 0  2  4
//                p  q  t
//
// Bounds: |p| and |q| <= 2 range <= 32766, so they fit i16, as u and v do, and |p u + q v| <= 4 range^2 < 2^30.
import { LayerParams } from "../output/layer";
import { alphaOf, betaOf, edgeOf, isBelowEdge } from "../output/levels";

/** 2 range <= 32767. */
const MAX_RANGE: u32 = 16383;

// @ts-ignore: decorator
@inline export const LINE_BYTES: u32 = 8;

@unmanaged
class Line {
  p!: i16;
  q!: i16;
  t!: i32;
}

/** The smaller level only breaks ties if 2 range times it is less than the larger; then it may as well be this share of it. */
const LEAST_RATIO: f64 = 1.0 / 1048576.0;

/** Write the line of every filter; returns false if there is none: in a layer with a level that is not finite, or too deep. */
export function findLines(layer: LayerParams, depth: u32, unit: u32, lines: u32): bool {
  if (depth * 2 > MAX_RANGE * unit) return false;
  for (let channel: u32 = 0; channel < layer.outChannels; channel++) {
    if (!isFinite(alphaOf(layer, channel) + betaOf(layer, channel))) return false;
    findLine(layer, channel, depth, unit, changetype<Line>(lines + channel * LINE_BYTES));
  }
  return true;
}

function findLine(layer: LayerParams, channel: u32, depth: u32, unit: u32, line: Line): void {
  const alpha = alphaOf(layer, channel);
  const beta = betaOf(layer, channel);
  const edge = edgeOf(layer, channel);
  const range = (depth * 2) / unit;

  // What a step of u and one of v add. Sums of levels of 24 bits, 2^20 apart at most, have 45 bits: all numbers of Euclid's algorithm are exact.
  const alphaStep = stepOf(alpha, beta);
  const betaStep = stepOf(beta, alpha);
  const uStep = betaStep - alphaStep;
  const vStep = -alphaStep - betaStep;
  const isSwapped = abs(vStep) > abs(uStep);

  // Neighbours n / d <= small / large < n1 / d1 among the fractions with denominators up to `range`; the half keeps 0 / 0 away, and
  // with both levels 0 any direction will do.
  const most = range + 0.5;
  let n: f64 = 0, d: f64 = 1, rest = isSwapped ? abs(uStep) : abs(vStep);
  let n1: f64 = 1, d1: f64 = 0, rest1 = isSwapped ? abs(vStep) : abs(uStep) || 1;
  while (d + d1 <= most) {
    const times = min(floor(rest / rest1), floor((most - d) / d1));
    n += times * n1, d += times * d1, rest -= times * rest1;
    const times1 = min(ceil(rest1 / rest) - 1, floor((most - d1) / d));
    n1 += times1 * n, d1 += times1 * d, rest1 -= times1 * rest;
  }
  const p = (d + d1) as i64;
  const q = (n + n1) as i64;
  const isDown = (isSwapped ? vStep : uStep) < 0;
  const isRestDown = (isSwapped ? uStep : vStep) < 0;

  // The lowest t that is not below, by bisection: p a + q b = t has whole solutions, since p n1 - q d1 = 1, and one with 0 <= b < p.
  let from = -(p + q) * range;
  let to = (p + q) * range + 1;
  while (from < to) {
    const t = (from + to) >> 1;
    let b = (-t * (d1 as i64)) % p;
    if (isRestDown ? b > 0 : b < 0) b += isRestDown ? -p : p;
    const a = (t - q * b) / p;
    const inner = isRestDown ? -b : b;
    const outer = isDown ? -a : a;
    const dot = (depth as i64) - unit * (isSwapped ? inner : outer);
    const sum = (depth as i64) - unit * (isSwapped ? outer : inner);
    if (isBelowEdge(alpha, beta, edge, dot as f64, sum as f64)) from = t + 1;
    else to = t;
  }
  const large = (isDown ? -p : p) as i16;
  const small = (isRestDown ? -q : q) as i16;
  line.p = isSwapped ? small : large;
  line.q = isSwapped ? large : small;
  line.t = from as i32;
}

/** Return the level, or what stands for it beside a level that is very much larger. */
function stepOf(level: f64, other: f64): f64 {
  const least = abs(other) * LEAST_RATIO;
  return level != 0 && abs(level) < least ? copysign(least, level) : level;
}
