// One f32 plane through a max pool: the maximum of each column of a window's rows is written to a line of scratch, once for all windows
// that share it; then the maximum of neighbouring columns is taken. Before and after its columns the line holds -infinity, so
// windows are never cut sideways. The order is part of the result, as it decides between +0 and -0: down each column first, then across,
// by "acc < x ? x : acc", one instruction (f32x4.pmax) where f32x4.max takes about seven on x64 to order NaNs and zeros; a NaN never wins.
//
//   line   padLeft of -inf | inWidth maxima | span + LINE_SLACK of -inf
import { loadColumns } from "./columns";
import { PoolParams } from "./params";
import { findFirstTap, findTapEnd } from "./taps";

/** Maxima are written eight at a time. */
// @ts-ignore: decorator
@inline export const LINE_SLACK: u32 = 8;

// @ts-ignore: decorator
@inline const LOWEST: f32 = -f32.POSITIVE_INFINITY;

/** Make a line ready for any number of planes. */
export function clearLine(p: PoolParams, line: usize): void {
  const end = line + ((p.padLeft + p.inWidth + p.kernelW * p.dilationW + LINE_SLACK) << 2);
  for (; line < end; line += 4) store<f32>(line, LOWEST);
}

/** Maximum of each window of rows [first, end). */
export function maxPlane(p: PoolParams, input: usize, output: usize, line: usize, first: u32, end: u32): void {
  const rowBytes: usize = p.inWidth << 2;
  const tapRowBytes = rowBytes * p.dilationH;
  const columns = line + (p.padLeft << 2);
  output += (first * p.outWidth) << 2;
  for (let row = first; row < end; row++) {
    const startY = (row * p.strideH - p.padTop) as i32;
    const firstY = findFirstTap(startY, p.dilationH, 0);
    const endY = findTapEnd(startY, p.kernelH, p.dilationH, p.inHeight);
    const rows = input + (startY as usize) * rowBytes + (firstY as usize) * tapRowBytes;
    maxRows(rows, endY - firstY, tapRowBytes, columns, p.inWidth);
    maxColumns(p, line, output);
    output += (p.outWidth as usize) << 2;
  }
}

/** Maxima of `rows` rows, column by column; -inf after them. */
// @ts-ignore: decorator
@inline
function maxRows(from: usize, rows: i32, rowBytes: usize, to: usize, width: u32): void {
  const end = to + (width << 2);
  if (ASC_FEATURE_SIMD) {
    const lowest = f32x4.splat(LOWEST);
    for (; to < end; to += 32, from += 32) {
      let acc0 = lowest;
      let acc1 = lowest;
      let at = from;
      for (let k = rows; k > 0; k--, at += rowBytes) {
        acc0 = f32x4.pmax(acc0, v128.load(at));
        acc1 = f32x4.pmax(acc1, v128.load(at, 16));
      }
      v128.store(to, acc0);
      v128.store(to, acc1, 16);
    }
    v128.store(end, lowest);
    v128.store(end, lowest, 16);
  } else {
    for (; to < end; to += 4, from += 4) store<f32>(to, maxOf(from, rows, rowBytes));
  }
}

/** Maxima of each window's columns. */
// @ts-ignore: decorator
@inline
function maxColumns(p: PoolParams, line: usize, to: usize): void {
  const taps = p.kernelW;
  const tapBytes: usize = p.dilationW << 2;
  const columnBytes: usize = p.strideW << 2;
  const width = p.outWidth;
  let column: u32 = 0;
  if (ASC_FEATURE_SIMD) {
    if (width >= 4) {
      while (column < width) {
        // The last four may overlap the four before: writing a value twice is cheaper than a scalar tail.
        column = min(column, width - 4);
        let at = line + (column as usize) * columnBytes;
        let acc = f32x4.splat(LOWEST);
        let k = taps;
        if (columnBytes == 8 && tapBytes == 4) {
          // Neighbouring taps are the even and the odd columns of the same eight.
          for (; k > 1; k -= 2, at += 8) {
            const low = v128.load(at);
            const high = v128.load(at, 16);
            acc = f32x4.pmax(acc, v128.shuffle<f32>(low, high, 0, 2, 4, 6));
            acc = f32x4.pmax(acc, v128.shuffle<f32>(low, high, 1, 3, 5, 7));
          }
        }
        for (; k > 0; k--, at += tapBytes) acc = f32x4.pmax(acc, loadColumns(at, columnBytes));
        v128.store(to + (column << 2), acc);
        column += 4;
      }
    }
  }
  for (; column < width; column++) store<f32>(to + (column << 2), maxOf(line + (column as usize) * columnBytes, taps, tapBytes));
}

/** Maximum of `count` values, `stepBytes` apart. */
// @ts-ignore: decorator
@inline
function maxOf(from: usize, count: i32, stepBytes: usize): f32 {
  let acc = LOWEST;
  for (; count > 0; count--, from += stepBytes) {
    const x = load<f32>(from);
    acc = select(x, acc, acc < x);
  }
  return acc;
}
