// One f32 plane through a pool. Columns whose window lies inside the line are done four at a time in the SIMD
// build, by the same additions in the same order as one at a time, so builds agree to the bit. Padding is never
// read: a window is cut to the taps that exist. The maximum is "acc < x ? x : acc", one instruction (f32x4.pmax) where
// f32x4.max takes about seven on x64 to order NaNs and zeros; a NaN never wins.
import { PoolParams } from "./params";
import { countTaps, findFirstTap, findTapEnd } from "./taps";

/** Maximum of each window. */
export function maxPlane(p: PoolParams, input: usize, output: usize): void {
  poolPlane(p, input, output, true, 1, 0, 0, 0, 0);
}

/** Sum of each window over `layers` times the number of its taps that lie within the margins around the input. */
export function averagePlane(p: PoolParams, input: usize, output: usize, layers: u32, top: i32, left: i32, bottom: i32, right: i32): void {
  poolPlane(p, input, output, false, layers, top, left, bottom, right);
}

// @ts-ignore: decorator
@inline
function poolPlane(p: PoolParams, input: usize, output: usize, isMax: bool, layers: u32, top: i32, left: i32, bottom: i32, right: i32): void {
  const inWidth = p.inWidth as i32;
  const outWidth = p.outWidth as i32;
  const stride = p.strideW as i32;
  const span = ((p.kernelW - 1) * p.dilationW) as i32 + 1;
  const rowBytes: usize = p.inWidth << 2;
  const tapRowBytes = rowBytes * p.dilationH;
  // Columns [innerFrom, innerTo) have all their taps inside the line.
  const room = inWidth - span + (p.padLeft as i32);
  const innerTo = min(outWidth, room < 0 ? 0 : room / stride + 1);
  const innerFrom = min(innerTo, ((p.padLeft as i32) + stride - 1) / stride);

  for (let row: u32 = 0; row < p.outHeight; row++) {
    const startY = (row * p.strideH - p.padTop) as i32;
    const firstY = findFirstTap(startY, p.dilationH, 0);
    const endY = findTapEnd(startY, p.kernelH, p.dilationH, p.inHeight);
    const countY = isMax ? 1 : countTaps(startY, p.kernelH, p.dilationH, -top, (p.inHeight as i32) + bottom) * layers;
    const lines = input + (startY as usize) * rowBytes + (firstY as usize) * tapRowBytes;
    const lineCount = endY - firstY;

    let column: i32 = 0;
    while (column < outWidth) {
      if (ASC_FEATURE_SIMD) {
        if (column == innerFrom && innerTo - innerFrom >= 4) {
          const divisor = f32x4.splat((countY * p.kernelW) as f32);
          while (column < innerTo) {
            // The last four may overlap the four before: writing a value twice is cheaper than a scalar tail.
            column = min(column, innerTo - 4);
            const from = lines + ((column * stride - (p.padLeft as i32)) << 2);
            const acc = poolFour(from, lineCount, tapRowBytes, p.kernelW, p.dilationW << 2, (stride as usize) << 2, isMax);
            v128.store(output + (column << 2), isMax ? acc : f32x4.div(acc, divisor));
            column += 4;
          }
          continue;
        }
      }
      const startX = column * stride - (p.padLeft as i32);
      const isInner = column >= innerFrom && column < innerTo;
      const firstX = isInner ? 0 : findFirstTap(startX, p.dilationW, 0);
      const endX = isInner ? p.kernelW : findTapEnd(startX, p.kernelW, p.dilationW, inWidth);
      const from = lines + ((startX + firstX * (p.dilationW as i32)) << 2);
      const acc = poolOne(from, lineCount, tapRowBytes, endX - firstX, p.dilationW << 2, isMax);
      const countX = isMax || isInner ? p.kernelW : countTaps(startX, p.kernelW, p.dilationW, -left, inWidth + right);
      store<f32>(output + (column << 2), isMax ? acc : acc / ((countY * countX) as f32));
      column++;
    }
    output += (outWidth as usize) << 2;
  }
}

// @ts-ignore: decorator
@inline
function poolOne(line: usize, lines: i32, lineBytes: usize, taps: i32, tapBytes: usize, isMax: bool): f32 {
  let acc: f32 = isMax ? -f32.POSITIVE_INFINITY : 0;
  for (; lines > 0; lines--, line += lineBytes) {
    let from = line;
    for (let k: i32 = 0; k < taps; k++, from += tapBytes) {
      const x = load<f32>(from);
      acc = isMax ? select(x, acc, acc < x) : acc + x;
    }
  }
  return acc;
}

// @ts-ignore: decorator
@inline
function poolFour(line: usize, lines: i32, lineBytes: usize, taps: u32, tapBytes: usize, columnBytes: usize, isMax: bool): v128 {
  let acc = isMax ? f32x4.splat(-f32.POSITIVE_INFINITY) : f32x4.splat(0);
  for (; lines > 0; lines--, line += lineBytes) {
    let from = line;
    for (let k: u32 = 0; k < taps; k++, from += tapBytes) {
      const x = loadColumns(from, columnBytes);
      acc = isMax ? f32x4.pmax(acc, x) : f32x4.add(acc, x);
    }
  }
  return acc;
}

/** Load the same tap of four neighbouring windows; reads up to 4 bytes past the last of them. */
// @ts-ignore: decorator
@inline
function loadColumns(from: usize, columnBytes: usize): v128 {
  if (columnBytes == 4) return v128.load(from);
  if (columnBytes == 8) return v128.shuffle<f32>(v128.load(from), v128.load(from, 16), 0, 2, 4, 6);
  let x = v128.load32_zero(from);
  x = f32x4.replace_lane(x, 1, load<f32>(from + columnBytes));
  x = f32x4.replace_lane(x, 2, load<f32>(from + 2 * columnBytes));
  return f32x4.replace_lane(x, 3, load<f32>(from + 3 * columnBytes));
}
