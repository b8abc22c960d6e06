import { drawBits, drawConstants, drawEpilogue, drawFloats, runLayer } from "../../output/layer-case";
import { dense_b1b1b1_bitslice_1x128, dense_b1b1f32_bitslice_1x128, dense_setup_bitslice } from "./bitslice";
import { dense_f32b1b1_bytelut, dense_f32b1f32_bytelut } from "./bytelut";
import { dense_i8b1b1_bytelut, dense_i8b1f32_bytelut } from "./bytelut-i8";
import { dense_f32_dot_2x4 } from "./dot";
import { DenseParams } from "./params";
import { dense_b1b1b1_popcount_4x2, dense_b1b1f32_popcount_4x2 } from "./popcount";
import {
  dense_b1b1b1_reference,
  dense_b1b1f32_reference,
  dense_f32_reference,
  dense_f32b1b1_reference,
  dense_f32b1f32_reference,
  dense_i8b1b1_reference,
  dense_i8b1f32_reference,
} from "./reference";

const PARAMS_BYTES = 128;

function layer(rows: u32, inFeatures: u32, outFeatures: u32, isBinaryInput: bool, isBinaryWeights: bool, toBits: bool): DenseParams {
  const p = changetype<DenseParams>(heap.alloc(PARAMS_BYTES));
  p.rows = rows;
  p.inFeatures = inFeatures;
  p.depth = inFeatures;
  p.batch = rows;
  p.inputScale = 0;
  p.inputZeroPoint = 0;
  p.inputElemBytes = 4;
  p.tilePixels = rows == 1 ? 1 : 4;
  p.inputPtr = isBinaryInput ? drawBits(rows, inFeatures) : drawFloats(rows * inFeatures);
  p.weightsPtr = isBinaryWeights ? drawBits(outFeatures, inFeatures) : drawFloats(outFeatures * inFeatures);
  drawConstants(p, outFeatures, isBinaryWeights, toBits);
  return p;
}

/** Run a kernel in two parts, and its naive twin. */
function expectTwins(p: DenseParams, kernel: (params: usize, part: u32, parts: u32) => void, twin: (params: usize) => void): void {
  let bytes: usize = (p.rows * (p.thresholdsPtr ? (p.outChannels + 31) >> 5 : p.outChannels)) << 2;
  if (p.outGridScale != 0) bytes >>= 2;
  const expected = runLayer(p, twin, bytes);
  const output = heap.alloc(bytes);
  p.outputPtr = output as u32;
  p.threadBytes = 65520;
  kernel(changetype<usize>(p), 0, 2);
  kernel(changetype<usize>(p), 1, 2);
  expect(memory.compare(output, expected, bytes)).toBe(0);
}

function withTable(p: DenseParams): DenseParams {
  const words = (p.inFeatures + 31) >> 5;
  p.tilePixels = 2;
  p.tablePtr = heap.alloc(((p.outChannels + 127) >> 7) * (512 + 16 * (32 * words + 1))) as u32;
  p.scratchPtr = heap.alloc(16) as u32;
  dense_setup_bitslice(changetype<usize>(p));
  return p;
}

describe("dense kernels equal their naive twins, byte for byte", () => {
  it("b1b1f32 popcount: one row, several, more than a chunk of blocks", () => {
    expectTwins(layer(1, 100, 37, true, true, false), dense_b1b1f32_popcount_4x2, dense_b1b1f32_reference);
    expectTwins(layer(6, 128, 5, true, true, false), dense_b1b1f32_popcount_4x2, dense_b1b1f32_reference);
    expectTwins(layer(2, 31 * 128 + 40, 3, true, true, false), dense_b1b1f32_popcount_4x2, dense_b1b1f32_reference);
  });

  it("b1b1b1 popcount", () => {
    expectTwins(layer(5, 70, 65, true, true, true), dense_b1b1b1_popcount_4x2, dense_b1b1b1_reference);
  });

  it("b1b1f32 and b1b1b1 bitslice: one row, several, more than a panel, both kinds of rare bits", () => {
    expectTwins(withTable(layer(1, 100, 37, true, true, false)), dense_b1b1f32_bitslice_1x128, dense_b1b1f32_reference);
    expectTwins(withTable(layer(5, 520, 131, true, true, false)), dense_b1b1f32_bitslice_1x128, dense_b1b1f32_reference);
    expectTwins(withTable(layer(3, 64, 300, true, true, true)), dense_b1b1b1_bitslice_1x128, dense_b1b1b1_reference);
  });

  it("f32b1f32 and f32b1b1 bytelut", () => {
    expectTwins(layer(2, 133, 9, false, true, false), dense_f32b1f32_bytelut, dense_f32b1f32_reference);
    expectTwins(layer(3, 64, 40, false, true, true), dense_f32b1b1_bytelut, dense_f32b1b1_reference);
  });

  it("i8b1f32 and i8b1b1 bytelut, each row with its own scale", () => {
    expectTwins(layer(2, 133, 9, false, true, false), dense_i8b1f32_bytelut, dense_i8b1f32_reference);
    expectTwins(layer(3, 64, 40, false, true, true), dense_i8b1b1_bytelut, dense_i8b1b1_reference);
  });

  it("with an epilogue", () => {
    const reals = layer(3, 67, 6, false, false, false);
    drawEpilogue(reals, 18);
    expectTwins(reals, dense_f32_dot_2x4, dense_f32_reference);
    const bits = layer(5, 70, 65, true, true, true);
    bits.betaPtr = 0; // the thresholds are f32 all the same
    drawEpilogue(bits, 325);
    expectTwins(bits, dense_b1b1b1_popcount_4x2, dense_b1b1b1_reference);
  });

  it("to int8, and from int8", () => {
    const counts = layer(6, 128, 37, true, true, false);
    counts.outGridScale = 16;
    counts.outGridZeroPoint = -9;
    expectTwins(counts, dense_b1b1f32_popcount_4x2, dense_b1b1f32_reference);
    const bytes = layer(3, 67, 30, false, true, false);
    bytes.inputElemBytes = 1;
    bytes.inputScale = 0.5;
    bytes.inputZeroPoint = 7;
    bytes.outGridScale = 4;
    bytes.outGridZeroPoint = 0;
    expectTwins(bytes, dense_i8b1f32_bytelut, dense_i8b1f32_reference);
  });

  it("f32 dot", () => {
    expectTwins(layer(3, 67, 6, false, false, false), dense_f32_dot_2x4, dense_f32_reference);
  });
});
