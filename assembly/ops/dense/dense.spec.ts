import { drawBits, drawConstants, drawFloats, runLayer } from "../../output/layer-case";
import { dense_f32b1b1_bytelut, dense_f32b1f32_bytelut } from "./bytelut";
import { dense_f32_dot_2x4 } from "./dot";
import { DenseParams } from "./params";
import { dense_b1b1b1_popcount_4x2, dense_b1b1f32_popcount_4x2 } from "./popcount";
import { dense_b1b1b1_reference, dense_b1b1f32_reference, dense_f32_reference, dense_f32b1b1_reference, dense_f32b1f32_reference } from "./reference";

const PARAMS_BYTES = 52;

function layer(rows: u32, inFeatures: u32, outFeatures: u32, isBinaryInput: bool, isBinaryWeights: bool, toBits: bool): DenseParams {
  const p = changetype<DenseParams>(heap.alloc(PARAMS_BYTES));
  p.rows = rows;
  p.inFeatures = inFeatures;
  p.tilePixels = rows == 1 ? 1 : 4;
  p.inputPtr = isBinaryInput ? drawBits(rows, inFeatures) : drawFloats(rows * inFeatures);
  p.weightsPtr = isBinaryWeights ? drawBits(outFeatures, inFeatures) : drawFloats(outFeatures * inFeatures);
  drawConstants(p, outFeatures, isBinaryWeights, toBits);
  return p;
}

function expectTwins(p: DenseParams, kernel: (params: usize) => void, twin: (params: usize) => void): void {
  const bytes: usize = (p.rows * (p.thresholdsPtr ? (p.outChannels + 31) >> 5 : p.outChannels)) << 2;
  expect(memory.compare(runLayer(p, kernel, bytes), runLayer(p, twin, bytes), bytes)).toBe(0);
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

  it("f32b1f32 and f32b1b1 bytelut", () => {
    expectTwins(layer(2, 133, 9, false, true, false), dense_f32b1f32_bytelut, dense_f32b1f32_reference);
    expectTwins(layer(3, 64, 40, false, true, true), dense_f32b1b1_bytelut, dense_f32b1b1_reference);
  });

  it("f32 dot", () => {
    expectTwins(layer(3, 67, 6, false, false, false), dense_f32_dot_2x4, dense_f32_reference);
  });
});
