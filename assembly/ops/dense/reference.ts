// The naive fully connected layers: plain loops straight from the formula, for every kind, any shape.
import { byteOf } from "../../output/bytes";
import { Comparison, comparisonOf } from "../../output/comparison";
import { bitOfDot, bitOfValue, outputValue } from "../../output/element";
import { bitOfLevels } from "../../output/levels";
import { imageScale, readOnGrid } from "../../pack/quantize";
import { finishValue } from "../../output/epilogue";
import { DenseParams } from "./params";

/** Compute a whole layer; the kinds are constants, so six copies are compiled. */
// @ts-ignore: decorator
@inline
function connect(params: usize, isBinaryInput: bool, isBinaryWeights: bool, isInt8: bool): void {
  const p = changetype<DenseParams>(params);
  const outWords = (p.outChannels + 31) >> 5;
  const imageRows = isInt8 ? max<u32>(1, p.rows / max<u32>(1, p.batch)) : 1;
  let scale: f32 = 1;
  for (let r: u32 = 0; r < p.rows; r++) {
    const wordsPtr: usize = p.outputPtr + ((r * outWords) << 2);
    if (p.thresholdsPtr) memory.fill(wordsPtr, 0, outWords << 2);
    if (isInt8 && r % imageRows == 0) scale = imageScale(p.inputPtr + r * p.inFeatures * p.inputElemBytes, imageRows * p.inFeatures, p.inputScale);
    for (let o: u32 = 0; o < p.outChannels; o++) {
      let dot: f64 = 0;
      let sum: f64 = 0;
      for (let i: u32 = 0; i < p.inFeatures; i++) {
        let value: f64;
        if (isInt8) value = readOnGrid(p.inputPtr + (r * p.inFeatures + i) * p.inputElemBytes, p.inputElemBytes, scale, p.inputZeroPoint as f32);
        else value = read(p.inputPtr, r, i, p.inFeatures, isBinaryInput);
        dot += value * read(p.weightsPtr, o, i, p.inFeatures, isBinaryWeights);
        sum += value;
      }
      const offset = (r * p.outChannels + o) << 2;
      const value = finishValue(p, o, outputValue(p, o, (dot as f32) * scale, (sum as f32) * scale, 1), offset);
      if (p.thresholdsPtr == 0) {
        if (p.outGridScale != 0) store<i8>(p.outputPtr + (offset >> 2), byteOf(p, value));
        else store<f32>(p.outputPtr + offset, value);
        continue;
      }
      const comparison = isBinaryInput && isBinaryWeights ? comparisonOf(p, 0) : Comparison.VALUES;
      let bit: u32;
      if (comparison == Comparison.DOTS) bit = bitOfDot(p, o, dot as i32);
      else if (comparison == Comparison.LEVELS) bit = bitOfLevels(p, o, dot as f32, sum as f32);
      else bit = bitOfValue(p, o, value);
      const wordPtr = wordsPtr + ((o >> 5) << 2);
      store<u32>(wordPtr, load<u32>(wordPtr) | (bit << (o & 31)));
    }
  }
}

/** Read element `i` of a row of a matrix with `columns` elements a row; bits as +1 or -1. */
// @ts-ignore: decorator
@inline
function read(matrix: usize, row: u32, i: u32, columns: u32, isBinary: bool): f64 {
  if (!isBinary) return load<f32>(matrix + ((row * columns + i) << 2));
  const word = load<u32>(matrix + ((row * ((columns + 31) >> 5) + (i >> 5)) << 2));
  return (word >> (i & 31)) & 1 ? -1 : 1;
}

function connectFloat(params: usize): void {
  connect(params, false, false, false);
}

function connectBinaryWeights(params: usize): void {
  connect(params, false, true, false);
}

function connectInt8(params: usize): void {
  connect(params, false, true, true);
}

function connectInt8Float(params: usize): void {
  connect(params, false, false, true);
}

function connectBinaryInput(params: usize): void {
  connect(params, true, false, false);
}

function connectBinary(params: usize): void {
  connect(params, true, true, false);
}

/**
 * Computes   D[r,o] = sum over i of X[r,i] s[o,i], S[r] = sum over i of X[r,i]. Output: see outputValue; bits by thresholds.
 * Operands   input: f32 [rows, inFeatures], or bits rows[Iw]. weights: f32 OI, or bits O[Iw].
 *            output: f32 [rows, O], or bits rows[Ow] when there are thresholds, or int8 [rows, O] when there is an output grid.
 * Tile       none; scalar.
 * Requires   nothing.
 * Bounds     sums are f64: exact for binary operands up to 2^53 products, and far below 1e-7 relative error for real ones.
 * See        conv2d_f32_reference, of which this is the 1x1 case; docs/binary-math.md sections 1 and 2.
 */
export function dense_f32_reference(params: usize): void {
  connectFloat(params);
}

/**
 * Computes   the same, then one bit an output: (y < threshold) != flip.
 * Operands   as above with input: f32, weights: f32, output: bits rows[Ow].
 * Tile       none; scalar.
 * Requires   as above.
 * Bounds     as above.
 * See        dense_f32_reference.
 */
export function dense_f32f32b1_reference(params: usize): void {
  connectFloat(params);
}

/**
 * Computes   the same.
 * Operands   as above with input: f32, weights: bits, output: f32 [rows, O].
 * Tile       none; scalar.
 * Requires   as above.
 * Bounds     as above.
 * See        dense_f32_reference.
 */
export function dense_f32b1f32_reference(params: usize): void {
  connectBinaryWeights(params);
}

/**
 * Computes   the same, then one bit an output: (y < threshold) != flip.
 * Operands   as above with input: f32, weights: bits, output: bits rows[Ow].
 * Tile       none; scalar.
 * Requires   as above.
 * Bounds     as above.
 * See        dense_f32_reference.
 */
export function dense_f32b1b1_reference(params: usize): void {
  connectBinaryWeights(params);
}

/**
 * Computes   the same.
 * Operands   as above with input: bits, weights: f32, output: f32 [rows, O].
 * Tile       none; scalar.
 * Requires   as above.
 * Bounds     as above.
 * See        dense_f32_reference.
 */
export function dense_b1f32f32_reference(params: usize): void {
  connectBinaryInput(params);
}

/**
 * Computes   the same, then one bit an output: (y < threshold) != flip.
 * Operands   as above with input: bits, weights: f32, output: bits rows[Ow].
 * Tile       none; scalar.
 * Requires   as above.
 * Bounds     as above.
 * See        dense_f32_reference.
 */
export function dense_b1f32b1_reference(params: usize): void {
  connectBinaryInput(params);
}

/**
 * Computes   the same.
 * Operands   as above with input: bits, weights: bits, output: f32 [rows, O].
 * Tile       none; scalar.
 * Requires   as above.
 * Bounds     as above.
 * See        dense_f32_reference.
 */
export function dense_b1b1f32_reference(params: usize): void {
  connectBinary(params);
}

/**
 * Computes   the same, then one bit an output: (D < threshold) != flip; two-level: output/levels.ts.
 * Operands   as above with input: bits, weights: bits, output: bits rows[Ow].
 * Tile       none; scalar.
 * Requires   as above.
 * Bounds     as above.
 * See        dense_f32_reference.
 */
export function dense_b1b1b1_reference(params: usize): void {
  connectBinary(params);
}

/**
 * Computes   the same, with X on the int8 grid: v * scale of pack/quantize.ts.
 * Operands   as above with input: f32 or int8, weights: bits, output: f32 [rows, O].
 * Tile       none; scalar.
 * Requires   as above; batch divides rows; int8 only with a stored scale.
 * Bounds     sums of v are whole numbers in f64 and exact.
 * See        dense_f32_reference.
 */
export function dense_i8b1f32_reference(params: usize): void {
  connectInt8(params);
}

/**
 * Computes   the same, then one bit an output: (y < threshold) != flip.
 * Operands   as above with input: f32, weights: bits, output: bits rows[Ow].
 * Tile       none; scalar.
 * Requires   as above.
 * Bounds     as above.
 * See        dense_i8b1f32_reference.
 */
export function dense_i8b1b1_reference(params: usize): void {
  connectInt8(params);
}

/**
 * Computes   the same, with X on the int8 grid: v * scale of pack/quantize.ts.
 * Operands   as above with input: f32 or int8, weights: f32, output: f32 [rows, O].
 * Tile       none; scalar.
 * Requires   as above; batch divides rows; int8 only with a stored scale.
 * Bounds     sums of v w are f64: far below 1e-7 relative error.
 * See        dense_f32_reference.
 */
export function dense_i8f32f32_reference(params: usize): void {
  connectInt8Float(params);
}

/**
 * Computes   the same, then one bit an output: (y < threshold) != flip.
 * Operands   as above with input: f32, weights: f32, output: bits rows[Ow].
 * Tile       none; scalar.
 * Requires   as above.
 * Bounds     as above.
 * See        dense_i8f32f32_reference.
 */
export function dense_i8f32b1_reference(params: usize): void {
  connectInt8Float(params);
}
