// One f32 plane through an average pool. Columns whose window lies inside the line are done four at a time in the SIMD
// build, by the same additions in the same order as one at a time, so builds agree to the bit. Padding is never
// read: a window is cut to the taps that exist.
import { loadColumns } from "./columns";
import { PoolParams } from "./params";
import { countTaps, findFirstTap, findTapEnd } from "./taps";

/** Sum of each window over `layers` times the number of its taps that lie within the margins around the input. */
export function averagePlane(p: PoolParams, input: usize, output: usize, layers: u32, top: i32, left: i32, bottom: i32, right: i32): void {
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
    const countY = countTaps(startY, p.kernelH, p.dilationH, -top, (p.inHeight as i32) + bottom) * layers;
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
            const acc = addFour(from, lineCount, tapRowBytes, p.kernelW, p.dilationW << 2, (stride as usize) << 2);
            v128.store(output + (column << 2), f32x4.div(acc, divisor));
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
      const acc = addOne(from, lineCount, tapRowBytes, endX - firstX, p.dilationW << 2);
      const countX = isInner ? p.kernelW : countTaps(startX, p.kernelW, p.dilationW, -left, inWidth + right);
      store<f32>(output + (column << 2), acc / ((countY * countX) as f32));
      column++;
    }
    output += (outWidth as usize) << 2;
  }
}

// @ts-ignore: decorator
@inline
function addOne(line: usize, lines: i32, lineBytes: usize, taps: i32, tapBytes: usize): f32 {
  let acc: f32 = 0;
  for (; lines > 0; lines--, line += lineBytes) {
    let from = line;
    for (let k: i32 = 0; k < taps; k++, from += tapBytes) acc += load<f32>(from);
  }
  return acc;
}

// @ts-ignore: decorator
@inline
function addFour(line: usize, lines: i32, lineBytes: usize, taps: u32, tapBytes: usize, columnBytes: usize): v128 {
  let acc = f32x4.splat(0);
  for (; lines > 0; lines--, line += lineBytes) {
    let from = line;
    for (let k: u32 = 0; k < taps; k++, from += tapBytes) acc = f32x4.add(acc, loadColumns(from, columnBytes));
  }
  return acc;
}
