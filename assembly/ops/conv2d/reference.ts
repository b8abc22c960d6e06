// The naive convolutions: plain loops straight from the formula, for every kind, any shape. Other kernels are
// tested against them, and `{ kernels: "reference" }` runs them.
import { byteOf } from "../../output/bytes";
import { Comparison, comparisonOf } from "../../output/comparison";
import { bitOfDot, bitOfValue, outputValue } from "../../output/element";
import { bitOfLevels } from "../../output/levels";
import { imageScale, readOnGrid } from "../../pack/quantize";
import { finishValue } from "../../output/epilogue";
import { Conv2dParams } from "./params";

/** Compute a whole layer; the kinds are constants, so six copies are compiled. */
// @ts-ignore: decorator
@inline
function convolve(params: usize, isBinaryInput: bool, isBinaryWeights: bool, isInt8: bool): void {
  const p = changetype<Conv2dParams>(params);
  const outWords = (p.outChannels + 31) >> 5;
  let inputScale: f32 = 1;
  for (let n: u32 = 0; n < p.batch; n++) {
    if (isInt8) {
      const imageSize = p.inChannels * p.inHeight * p.inWidth;
      inputScale = imageScale(p.inputPtr + n * imageSize * p.inputElemBytes, imageSize, p.inputScale);
    }
    for (let y: u32 = 0; y < p.outHeight; y++) {
      for (let x: u32 = 0; x < p.outWidth; x++) {
        const pixel = (n * p.outHeight + y) * p.outWidth + x;
        const wordsPtr: usize = p.outputPtr + ((pixel * outWords) << 2);
        if (p.thresholdsPtr) memory.fill(wordsPtr, 0, outWords << 2);
        for (let o: u32 = 0; o < p.outChannels; o++) {
          writeOutput(p, wordsPtr, n, o, y, x, isBinaryInput, isBinaryWeights, isInt8, inputScale);
        }
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function writeOutput(
  p: Conv2dParams,
  wordsPtr: usize,
  n: u32,
  o: u32,
  y: u32,
  x: u32,
  isBinaryInput: bool,
  isBinaryWeights: bool,
  isInt8: bool,
  inputScale: f32,
): void {
  const inPerGroup = p.inChannels / p.groups;
  const firstChannel = (o / (p.outChannels / p.groups)) * inPerGroup;
  const elemBytes: u32 = isInt8 ? p.inputElemBytes : 4;
  const planeBytes = p.inHeight * p.inWidth * elemBytes;
  let dot: f64 = 0;
  let sum: f64 = 0;
  for (let ky: u32 = 0; ky < p.kernelH; ky++) {
    const iy = (y * p.strideH + ky * p.dilationH - p.padTop) as i32;
    for (let kx: u32 = 0; kx < p.kernelW; kx++) {
      const ix = (x * p.strideW + kx * p.dilationW - p.padLeft) as i32;
      const isInside = iy >= 0 && iy < (p.inHeight as i32) && ix >= 0 && ix < (p.inWidth as i32);
      if (!isInside && p.padValue == 0) continue;
      const input = findInput(p, n, isBinaryInput ? 0 : firstChannel, iy, ix, isBinaryInput, elemBytes);
      const weights = findWeights(p, (o * p.kernelH + ky) * p.kernelW + kx, inPerGroup, isBinaryWeights);
      for (let i: u32 = 0; i < inPerGroup; i++) {
        let value: f64 = p.padValue;
        if (isInt8) value = readOnGrid((input + i * planeBytes) as u32, elemBytes, inputScale, p.inputZeroPoint as f32);
        else if (isInside) value = isBinaryInput ? signOf(input, firstChannel + i) : load<f32>(input + i * planeBytes);
        dot += value * (isBinaryWeights ? signOf(weights, i) : load<f32>(weights + (i << 2)));
        sum += value;
      }
    }
  }
  const outPixels = p.outHeight * p.outWidth;
  const pixel = y * p.outWidth + x;
  const scale: f32 = p.scalePtr ? load<f32>(p.scalePtr + ((n * outPixels + pixel) << 2)) : 1;
  const offset = ((n * p.outChannels + o) * outPixels + pixel) << 2;
  const value = finishValue(p, o, outputValue(p, o, (dot as f32) * inputScale, (sum as f32) * inputScale, scale), offset);
  if (p.thresholdsPtr == 0) {
    if (p.outGridScale != 0) store<i8>(p.outputPtr + (offset >> 2), byteOf(p, value));
    else store<f32>(p.outputPtr + offset, value);
    return;
  }
  const comparison = isBinaryInput && isBinaryWeights ? comparisonOf(p, p.scalePtr) : Comparison.VALUES;
  let bit: u32;
  if (comparison == Comparison.DOTS) bit = bitOfDot(p, o, dot as i32);
  else if (comparison == Comparison.LEVELS) bit = bitOfLevels(p, o, dot as f32, sum as f32);
  else bit = bitOfValue(p, o, value);
  const wordPtr = wordsPtr + ((o >> 5) << 2);
  store<u32>(wordPtr, load<u32>(wordPtr) | (bit << (o & 31)));
}

/** Find channel `c` of a pixel: its number, or the first word of the pixel's bits. */
// @ts-ignore: decorator
@inline
function findInput(p: Conv2dParams, n: u32, c: u32, y: u32, x: u32, isBinary: bool, elemBytes: u32): usize {
  if (!isBinary) return p.inputPtr + (((n * p.inChannels + c) * p.inHeight + y) * p.inWidth + x) * elemBytes;
  return p.inputPtr + ((((n * p.inHeight + y) * p.inWidth + x) * ((p.inChannels + 31) >> 5)) << 2);
}

/** Find the run of weights of a filter's tap. */
// @ts-ignore: decorator
@inline
function findWeights(p: Conv2dParams, tap: u32, inPerGroup: u32, isBinary: bool): usize {
  return p.weightsPtr + ((tap * (isBinary ? (inPerGroup + 31) >> 5 : inPerGroup)) << 2);
}

/** Read bit `c` of a run of words as +1 or -1; arithmetic, because a branch on random bits is mispredicted half the time. */
// @ts-ignore: decorator
@inline
function signOf(run: usize, c: u32): f64 {
  return 1 - 2 * (((load<u32>(run + ((c >> 5) << 2)) >> (c & 31)) & 1) as f64);
}

function convolveFloat(params: usize): void {
  convolve(params, false, false, false);
}

function convolveBinaryWeights(params: usize): void {
  convolve(params, false, true, false);
}

function convolveInt8(params: usize): void {
  convolve(params, false, true, true);
}

function convolveInt8Float(params: usize): void {
  convolve(params, false, false, true);
}

function convolveBinary(params: usize): void {
  convolve(params, true, true, false);
}

function convolveBinaryInput(params: usize): void {
  convolve(params, true, false, false);
}

/**
 * Computes   D[n,o,y,x] = sum over taps (ky,kx) and channels i of X * s[o,ky,kx,i], S the same without s, with
 *            X = input[n, g I + i, y strideH + ky dilationH - padTop, x strideW + kx dilationW - padLeft], g = o / (O / groups);
 *            taps outside the image count as padValue, or not at all when it is 0. Output: see outputValue; bits by thresholds.
 * Operands   input: f32 NCHW, or bits NHW[Cw]. weights: f32 OHWI, or bits OHW[Iw], I = inChannels / groups.
 *            output: f32 NCHW, or bits NHW[Cw] when there are thresholds, or int8 NCHW when there is an output grid.
 * Tile       none; scalar.
 * Requires   groups divides inChannels and outChannels.
 * Bounds     sums are f64: exact for binary operands up to 2^53 products, and far below 1e-7 relative error for real ones.
 * See        LCE core/bconv2d/reference.h for the idea of a naive twin that ships.
 */
export function conv2d_f32_reference(params: usize): void {
  convolveFloat(params);
}

/**
 * Computes   the same, then one bit an output: (y < threshold) != flip.
 * Operands   as above with input: f32, weights: f32, output: bits NHW[Cw].
 * Tile       none; scalar.
 * Requires   as above.
 * Bounds     as above.
 * See        conv2d_f32_reference.
 */
export function conv2d_f32f32b1_reference(params: usize): void {
  convolveFloat(params);
}

/**
 * Computes   the same.
 * Operands   as above with input: f32, weights: bits, output: f32 NCHW.
 * Tile       none; scalar.
 * Requires   as above.
 * Bounds     as above.
 * See        conv2d_f32_reference.
 */
export function conv2d_f32b1f32_reference(params: usize): void {
  convolveBinaryWeights(params);
}

/**
 * Computes   the same, then one bit an output: (y < threshold) != flip.
 * Operands   as above with input: f32, weights: bits, output: bits NHW[Cw].
 * Tile       none; scalar.
 * Requires   as above.
 * Bounds     as above.
 * See        conv2d_f32_reference.
 */
export function conv2d_f32b1b1_reference(params: usize): void {
  convolveBinaryWeights(params);
}

/**
 * Computes   the same.
 * Operands   as above with input: bits, weights: f32, output: f32 NCHW.
 * Tile       none; scalar.
 * Requires   as above.
 * Bounds     as above.
 * See        conv2d_f32_reference.
 */
export function conv2d_b1f32f32_reference(params: usize): void {
  convolveBinaryInput(params);
}

/**
 * Computes   the same, then one bit an output: (y < threshold) != flip.
 * Operands   as above with input: bits, weights: f32, output: bits NHW[Cw].
 * Tile       none; scalar.
 * Requires   as above.
 * Bounds     as above.
 * See        conv2d_f32_reference.
 */
export function conv2d_b1f32b1_reference(params: usize): void {
  convolveBinaryInput(params);
}

/**
 * Computes   the same.
 * Operands   as above with input: bits, weights: bits, output: f32 NCHW.
 * Tile       none; scalar.
 * Requires   as above.
 * Bounds     as above.
 * See        conv2d_f32_reference.
 */
export function conv2d_b1b1f32_reference(params: usize): void {
  convolveBinary(params);
}

/**
 * Computes   the same, then one bit an output: (D < threshold) != flip; two-level: output/levels.ts.
 * Operands   as above with input: bits, weights: bits, output: bits NHW[Cw].
 * Tile       none; scalar.
 * Requires   as above.
 * Bounds     as above.
 * See        conv2d_f32_reference.
 */
export function conv2d_b1b1b1_reference(params: usize): void {
  convolveBinary(params);
}

/**
 * Computes   the same, with X on the int8 grid: v * scale of pack/quantize.ts.
 * Operands   as above with input: f32 or int8, weights: bits, output: f32 NCHW.
 * Tile       none; scalar.
 * Requires   as above; int8 only with a stored scale.
 * Bounds     sums of v are whole numbers in f64 and exact.
 * See        conv2d_f32_reference.
 */
export function conv2d_i8b1f32_reference(params: usize): void {
  convolveInt8(params);
}

/**
 * Computes   the same, then one bit an output: (y < threshold) != flip.
 * Operands   as above with input: f32, weights: bits, output: bits NHW[Cw].
 * Tile       none; scalar.
 * Requires   as above.
 * Bounds     as above.
 * See        conv2d_i8b1f32_reference.
 */
export function conv2d_i8b1b1_reference(params: usize): void {
  convolveInt8(params);
}

/**
 * Computes   the same, with X on the int8 grid: v * scale of pack/quantize.ts.
 * Operands   as above with input: f32 or int8, weights: f32, output: f32 NCHW.
 * Tile       none; scalar.
 * Requires   as above; int8 only with a stored scale.
 * Bounds     sums of v w are f64: far below 1e-7 relative error.
 * See        conv2d_f32_reference.
 */
export function conv2d_i8f32f32_reference(params: usize): void {
  convolveInt8Float(params);
}

/**
 * Computes   the same, then one bit an output: (y < threshold) != flip.
 * Operands   as above with input: f32, weights: f32, output: bits NHW[Cw].
 * Tile       none; scalar.
 * Requires   as above.
 * Bounds     as above.
 * See        conv2d_i8f32f32_reference.
 */
export function conv2d_i8f32b1_reference(params: usize): void {
  convolveInt8Float(params);
}
