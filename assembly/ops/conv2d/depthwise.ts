// Depthwise convolution of f32 inputs: one input channel per group. Each output row of a channel is computed on its own,
// lanes = pixels; where the window hangs over the left or right edge, pixel by pixel.
//
// Scratch, R = outWidth rounded up to 4, plus 8:
//   OutputTile (64) | dots: f32[R] | sums: f32[R] | weights: f32[kernelH kernelW]
import { Comparison } from "../../output/comparison";
import { OutputTile, TILE_BYTES } from "../../output/tile";
import { writeTile } from "../../output/write";
import { endTap, firstTap } from "../../pack/rows";
import { shareStart } from "../../share";
import { Conv2dParams } from "./params";

/** Pixels of the register tile. */
const VECTOR_PIXELS: u32 = 8;

/** Compute a share of a layer: of its channel planes, or, where 32 channels meet in a word, of its rows. */
function convolve(params: usize, part: u32, parts: u32, isBinaryWeights: bool): void {
  const p = changetype<Conv2dParams>(params);
  const planeBytes = (p.inHeight * p.inWidth) << 2;
  const outPixels = p.outHeight * p.outWidth;
  const wordBytes = ((p.outChannels + 31) >> 5) << 2;
  const rowBytes = (((p.outWidth + 3) & ~3) + VECTOR_PIXELS) << 2;
  const toBits = p.thresholdsPtr != 0;
  const scratch = p.scratchPtr + part * p.threadBytes;
  const dots = scratch + TILE_BYTES;
  const sums = dots + rowBytes;
  const weights = sums + rowBytes;

  const tile = changetype<OutputTile>(scratch);
  tile.dotsPtr = dots;
  tile.dotBytes = rowBytes;
  tile.sumsPtr = sums;
  tile.filters = 1;
  tile.pixels = p.outWidth;
  tile.filterBytes = outPixels << 2;
  tile.pixelBytes = toBits ? wordBytes : 4;

  const planes = p.batch * p.outChannels;
  const firstPlane = toBits ? (0 as u32) : shareStart(planes, 1, part, parts);
  const endPlane = toBits ? planes : shareStart(planes, 1, part + 1, parts);
  const firstRow = toBits ? shareStart(p.outHeight, 1, part, parts) : (0 as u32);
  const endRow = toBits ? shareStart(p.outHeight, 1, part + 1, parts) : p.outHeight;
  if (toBits) {
    const lineBytes = p.outWidth * wordBytes;
    for (let n: u32 = 0; n < p.batch; n++) memory.fill(p.outputPtr + (n * p.outHeight + firstRow) * lineBytes, 0, (endRow - firstRow) * lineBytes);
  }

  const filtersPerChannel = p.outChannels / p.groups;
  for (let at = firstPlane; at < endPlane; at++) {
    const n = at / p.outChannels;
    const o = at - n * p.outChannels;
    const plane = p.inputPtr + (n * p.inChannels + o / filtersPerChannel) * planeBytes;
    tile.firstFilter = o;
    if (!p.betaPtr) copyWeights(p, o, isBinaryWeights, weights);
    for (let y = firstRow; y < endRow; y++) {
      const pixel = y * p.outWidth;
      if (p.betaPtr) {
        fillOnes(p, weights);
        computeRow(p, plane, y, weights, sums);
        copyWeights(p, o, isBinaryWeights, weights);
      }
      computeRow(p, plane, y, weights, dots);
      tile.scalesPtr = p.scalePtr ? p.scalePtr + ((n * outPixels + pixel) << 2) : 0;
      tile.outPtr = p.outputPtr + (toBits ? (n * outPixels + pixel) * wordBytes : ((n * p.outChannels + o) * outPixels + pixel) << 2);
      writeTile(p, tile, Comparison.VALUES);
    }
  }
}

/** Copy a filter's weights, bits as +1 and -1. */
function copyWeights(p: Conv2dParams, filter: u32, isBinary: bool, to: u32): void {
  const taps = p.kernelH * p.kernelW;
  const from = p.weightsPtr + ((filter * taps) << 2);
  for (let at: u32 = 0, end = taps << 2; at < end; at += 4) {
    if (isBinary) store<f32>(to + at, load<u32>(from + at) & 1 ? -1 : 1);
    else store<f32>(to + at, load<f32>(from + at));
  }
}

function fillOnes(p: Conv2dParams, to: u32): void {
  for (let at: u32 = 0, end = (p.kernelH * p.kernelW) << 2; at < end; at += 4) store<f32>(to + at, 1);
}

/** Compute output row `y` of one channel; up to 7 floats past its end may be written. */
function computeRow(p: Conv2dParams, plane: u32, y: u32, weights: u32, to: u32): void {
  const startY = (y * p.strideH - p.padTop) as i32;
  const ky0 = firstTap(startY, p.dilationH, p.kernelH);
  const ky1 = endTap(startY, p.inHeight, p.dilationH, p.kernelH);
  const rows = plane + ((startY * (p.inWidth as i32)) << 2);
  // Pixels [inner0, inner1) have all their taps inside the row.
  const reach = (p.kernelW - 1) * p.dilationW;
  const inner0 = min((p.padLeft + p.strideW - 1) / p.strideW, p.outWidth);
  const room = (p.inWidth + p.padLeft - reach) as i32;
  const inner1 = room <= 0 ? inner0 : max(inner0, min(((room as u32) + p.strideW - 1) / p.strideW, p.outWidth));
  let border = inner0;
  if (ASC_FEATURE_SIMD) {
    if (p.strideW <= 2) {
      for (let x = inner0; x < inner1; x += VECTOR_PIXELS) computeVector(p, rows, ky0, ky1, x, weights, to + (x << 2));
      border = inner1;
    }
  }
  for (let x: u32 = 0; x < inner0; x++) store<f32>(to + (x << 2), computePixel(p, rows, ky0, ky1, x, weights));
  for (let x = border; x < p.outWidth; x++) store<f32>(to + (x << 2), computePixel(p, rows, ky0, ky1, x, weights));
}

/** Compute eight pixels from `x` on that need no padding in x. */
// @ts-ignore: decorator
@inline
function computeVector(p: Conv2dParams, rows: u32, ky0: u32, ky1: u32, x: u32, weights: u32, to: u32): void {
  let acc0 = f32x4.splat(0);
  let acc1 = f32x4.splat(0);
  const rowBytes = p.inWidth << 2;
  const stepBytes = p.dilationW << 2;
  let weight = weights + ((ky0 * p.kernelW) << 2);
  for (let ky = ky0; ky < ky1; ky++) {
    let from = rows + ky * p.dilationH * rowBytes + ((x * p.strideW - p.padLeft) << 2);
    for (const end = weight + (p.kernelW << 2); weight < end; weight += 4, from += stepBytes) {
      const w = v128.load32_splat(weight);
      let x0 = v128.load(from);
      let x1 = v128.load(from, 16);
      if (p.strideW == 2) {
        x0 = v128.shuffle<f32>(x0, x1, 0, 2, 4, 6);
        x1 = v128.shuffle<f32>(v128.load(from, 32), v128.load(from, 48), 0, 2, 4, 6);
      }
      acc0 = f32x4.add(acc0, f32x4.mul(x0, w));
      acc1 = f32x4.add(acc1, f32x4.mul(x1, w));
    }
  }
  v128.store(to, acc0);
  v128.store(to, acc1, 16);
}

function computePixel(p: Conv2dParams, rows: u32, ky0: u32, ky1: u32, x: u32, weights: u32): f32 {
  const startX = (x * p.strideW - p.padLeft) as i32;
  const kx0 = firstTap(startX, p.dilationW, p.kernelW);
  const kx1 = endTap(startX, p.inWidth, p.dilationW, p.kernelW);
  let acc: f32 = 0;
  for (let ky = ky0; ky < ky1; ky++) {
    const from = rows + ((ky * p.dilationH * p.inWidth + startX) << 2);
    const weight = weights + ((ky * p.kernelW) << 2);
    for (let kx = kx0; kx < kx1; kx++) acc += load<f32>(from + ((kx * p.dilationW) << 2)) * load<f32>(weight + (kx << 2));
  }
  return acc;
}

/**
 * Computes   D[n,o,y,x] = sum over taps (ky,kx) of input[n, o / (O / inChannels), ...] * s[o,ky,kx], zeros outside the
 *            image; S the same without s. Output: see outputValue; bits by thresholds.
 * Operands   input: f32 NCHW. weights: f32 O,H,W,1, or bits O,H,W,[1]. output: f32 NCHW, or bits NHW[Cw].
 * Tile       8 pixels, 2 accumulators; strides 1 and 2 in x are vectors, others go pixel by pixel.
 * Requires   inChannels = groups; scratch as drawn; 64 bytes of over-read.
 * Bounds     f32 sums in order of taps: relative error <= taps * 2^-24 of sum |w x|.
 * See        ONNX operator Conv with group = channels.
 */
export function conv2d_f32_depthwise(params: usize, part: u32, parts: u32): void {
  convolve(params, part, parts, false);
}

/**
 * Computes   the same y, then one bit an output: (y < threshold) != flip.
 * Operands   as above; output: bits NHW[Cw].
 * Tile       as above.
 * Requires   as above, and thresholds.
 * Bounds     as above.
 * See        conv2d_f32_depthwise.
 */
export function conv2d_f32f32b1_depthwise(params: usize, part: u32, parts: u32): void {
  convolve(params, part, parts, false);
}

/**
 * Computes   the same with s = +1 or -1 from bits, and S for two levels; then outputValue.
 * Operands   as above; weights: bits O,H,W,[1].
 * Tile       as above.
 * Requires   as above.
 * Bounds     as above.
 * See        conv2d_f32_depthwise.
 */
export function conv2d_f32b1f32_depthwise(params: usize, part: u32, parts: u32): void {
  convolve(params, part, parts, true);
}

/**
 * Computes   the same y, then one bit an output: (y < threshold) != flip.
 * Operands   as above; output: bits NHW[Cw].
 * Tile       as above.
 * Requires   as above, and thresholds.
 * Bounds     as above.
 * See        conv2d_f32b1f32_depthwise.
 */
export function conv2d_f32b1b1_depthwise(params: usize, part: u32, parts: u32): void {
  convolve(params, part, parts, true);
}
