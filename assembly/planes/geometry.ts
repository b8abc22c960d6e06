// Pair planes: a binary image, one byte per padded pixel and channel, two pixels a byte. Where things lie in them.
//
//   plane[j] = bit[j] | bit[j + D] << 4          j = row * RS + column of the padded image, pad pixels included
//
// A stride divides the padded image into phases, one plane each: phase (fy, fx) holds the rows and columns that are fy and fx
// more than a multiple of the stride. Output (y, x) has position q = y RS + x, and its tap (ky, kx) lies at q + offset in the
// tap's phase, with offset = (ky dilationH / strideH) RS + kx dilationW / strideW: one number for all outputs. So 16 bytes from
// anywhere on are what one tap of 32 outputs reads. Positions with x >= outWidth are computed and dropped.
//
// RS is the columns that outputs reach, less those that the right padding of a row can share with the left padding of the next:
// outWidth + 1 for a 3x3 window padded by 1.
//
// For several threads an image is cut into bands of output rows, each with planes of its own as if it were an image: then a thread computes
// neighbouring rows, and reads in one layer what it wrote in the one before.
import { Conv2dParams } from "../ops/conv2d/params";

/** Channels of a table. */
// @ts-ignore: decorator
@inline export const GROUP: u32 = 5;

/** Columns from one row of a phase plane to the next. */
export function rowStride(p: Conv2dParams): u32 {
  const span = p.outWidth + lastColumn(p);
  const used = (p.padLeft + p.inWidth + p.strideW - 1) / p.strideW;
  const right = span > used ? span - used : 0;
  return span - min(min(p.padLeft / p.strideW, right), span - p.outWidth);
}

/** Bands of an image; the last may have fewer rows. */
export function countBands(p: Conv2dParams): u32 {
  return (p.outHeight + p.bandRows - 1) / p.bandRows;
}

/** D: half of a band's positions, rounded up to vectors. */
export function pairDistance(p: Conv2dParams, stride: u32): u32 {
  const positions = (p.bandRows - 1) * stride + p.outWidth;
  return (((positions + 1) >> 1) + 15) & ~15;
}

/** Row and column offset of the last tap. */
export function lastRow(p: Conv2dParams): u32 {
  return ((p.kernelH - 1) * p.dilationH) / p.strideH;
}

export function lastColumn(p: Conv2dParams): u32 {
  return ((p.kernelW - 1) * p.dilationW) / p.strideW;
}

/** Vectors of a plane that tables may read: D, the last tap's offset, and 16 that a table reads for the company of its neighbours. */
export function planeVectors(p: Conv2dParams, stride: u32, distance: u32): u32 {
  return (distance + lastRow(p) * stride + lastColumn(p) + 31) >> 4;
}

/** How many phases there are along an axis: windows smaller than the stride leave some out. */
export function countPhases(kernel: u32, stride: u32): u32 {
  return min(kernel, stride);
}

/** The phase that holds a tap. */
export function phaseOf(tap: u32, kernel: u32, stride: u32, dilation: u32): u32 {
  return kernel < stride ? tap : (tap * dilation) % stride;
}

/** First padded row, or column, of a phase. */
export function firstOfPhase(phase: u32, kernel: u32, stride: u32, dilation: u32): u32 {
  return kernel < stride ? (phase * dilation) % stride : phase;
}

/** First column, or row, of a phase that begins at `first` and lies in the image. */
export function firstInside(first: u32, pad: u32, stride: u32): u32 {
  return first >= pad ? 0 : (pad - first + stride - 1) / stride;
}

/** The same for the rows of a band that begins at output row `firstRow`, counted from there. */
export function firstInBand(first: u32, pad: u32, stride: u32, firstRow: u32): u32 {
  const row = firstInside(first, pad, stride);
  return row - min(row, firstRow);
}

/** Groups of channels. */
export function countGroups(p: Conv2dParams): u32 {
  return (p.inChannels + GROUP - 1) / GROUP;
}

/** Planes of a phase of one band: whole groups, packed eight at a time. */
export function countPlanes(p: Conv2dParams): u32 {
  return (countGroups(p) * GROUP + 7) & ~7;
}
