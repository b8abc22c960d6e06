// Bits of binary layers with two-level weights, when neither an epilogue nor a scale per pixel comes before the threshold:
//
//   bit = (2 y < 2 threshold) != flip     as     alpha (S + D) + beta (S - D) < edge,     edge = 2 (threshold - bias)
//
// in f64. Levels of 24 bits times whole numbers of up to 26 are exact, so only their sum is rounded: the bit is that of the real y, but for the
// last of 53 bits. Vectors and single values do the same operations in the same order. docs/binary-math.md section 9.
import { biasOf, flipOf } from "./element";
import { LayerParams } from "./layer";

/** Return the output bit of D and S. */
// @ts-ignore: decorator
@inline
export function bitOfLevels(layer: LayerParams, channel: u32, dot: f32, sum: f32): u32 {
  return u32(isBelowEdge(alphaOf(layer, channel), betaOf(layer, channel), edgeOf(layer, channel), dot as f64, sum as f64)) ^ flipOf(layer, channel);
}

// @ts-ignore: decorator
@inline
export function isBelowEdge(alpha: f64, beta: f64, edge: f64, dot: f64, sum: f64): bool {
  return alpha * (sum + dot) + beta * (sum - dot) < edge;
}

// @ts-ignore: decorator
@inline
export function alphaOf(layer: LayerParams, channel: u32): f64 {
  return load<f32>(layer.alphaPtr + (channel << 2)) as f64;
}

// @ts-ignore: decorator
@inline
export function betaOf(layer: LayerParams, channel: u32): f64 {
  return load<f32>(layer.betaPtr + (channel << 2)) as f64;
}

// @ts-ignore: decorator
@inline
export function edgeOf(layer: LayerParams, channel: u32): f64 {
  return 2 * ((load<f32>(layer.thresholdsPtr + (channel << 2)) as f64) - (biasOf(layer, channel) as f64));
}

/** Four pixels of one channel: all ones where D and S, f32 lanes, are below the edge. SIMD builds only. */
// @ts-ignore: decorator
@inline
export function arePixelsBelow(layer: LayerParams, channel: u32, dots: v128, sums: v128): v128 {
  const alpha = f64x2.splat(alphaOf(layer, channel));
  const beta = f64x2.splat(betaOf(layer, channel));
  const edge = f64x2.splat(edgeOf(layer, channel));
  const low = areBelow(alpha, beta, edge, f64x2.promote_low_f32x4(dots), f64x2.promote_low_f32x4(sums));
  const highDots = f64x2.promote_low_f32x4(v128.shuffle<i64>(dots, dots, 1, 1));
  const high = areBelow(alpha, beta, edge, highDots, f64x2.promote_low_f32x4(v128.shuffle<i64>(sums, sums, 1, 1)));
  return v128.shuffle<i32>(low, high, 0, 2, 4, 6);
}

/** Two channels of one pixel, whose dots lie side by side: bit 0 and bit 1. SIMD builds only. */
// @ts-ignore: decorator
@inline
export function areChannelsBelow(layer: LayerParams, channel: u32, dots: u32, sum: v128): i32 {
  const at = channel << 2;
  const bias = layer.biasPtr ? loadPair(layer.biasPtr + at) : f64x2.splat(0);
  const edge = f64x2.mul(f64x2.splat(2), f64x2.sub(loadPair(layer.thresholdsPtr + at), bias));
  return i64x2.bitmask(areBelow(loadPair(layer.alphaPtr + at), loadPair(layer.betaPtr + at), edge, loadPair(dots), sum));
}

// @ts-ignore: decorator
@inline
function loadPair(ptr: u32): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(ptr));
}

// @ts-ignore: decorator
@inline
function areBelow(alpha: v128, beta: v128, edge: v128, dots: v128, sums: v128): v128 {
  return f64x2.lt(f64x2.add(f64x2.mul(alpha, f64x2.add(sums, dots)), f64x2.mul(beta, f64x2.sub(sums, dots))), edge);
}
