// Which taps of a window fall inside a line of pixels. Tap k of a window that starts at `start` reads start + k * dilation.

/** First tap at or after `low`. */
// @ts-ignore: decorator
@inline
export function findFirstTap(start: i32, dilation: i32, low: i32): i32 {
  return start < low ? (low - start + dilation - 1) / dilation : 0;
}

/** One past the last tap before `high`. */
// @ts-ignore: decorator
@inline
export function findTapEnd(start: i32, taps: i32, dilation: i32, high: i32): i32 {
  return start < high ? min(taps, (high - start + dilation - 1) / dilation) : 0;
}

/** How many taps lie in [low, high). */
export function countTaps(start: i32, taps: i32, dilation: i32, low: i32, high: i32): i32 {
  return max(0, findTapEnd(start, taps, dilation, high) - findFirstTap(start, dilation, low));
}
