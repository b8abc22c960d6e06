import { dense_f32b1b1_bytelut, dense_f32b1f32_bytelut } from "./bytelut";
import { dense_f32_dot_2x4 } from "./dot";
import { DenseParams } from "./params";
import { dense_b1b1b1_popcount_4x2, dense_b1b1f32_popcount_4x2 } from "./popcount";
import { dense_b1b1b1_reference, dense_b1b1f32_reference, dense_f32_reference, dense_f32b1b1_reference, dense_f32b1f32_reference } from "./reference";

const PARAMS_BYTES = 52;
const SCRATCH_BYTES = 65536;
const OVERREAD_BYTES = 64;

let seed: u32 = 7;

function nextWord(): u32 {
  seed = seed * 1664525 + 1013904223;
  return seed ^ (seed >> 13);
}

/** Whole numbers, so that sums are exact in any order. */
function drawFloats(count: u32): usize {
  const ptr = heap.alloc((count << 2) + OVERREAD_BYTES);
  for (let i: u32 = 0; i < count; i++) store<f32>(ptr + (i << 2), ((nextWord() & 15) as f32) - 8);
  return ptr;
}

/** Runs of `bits` bits, padded to words with zeros. */
function drawBits(runs: u32, bits: u32): usize {
  const words = (bits + 31) >> 5;
  const ptr = heap.alloc(((runs * words) << 2) + OVERREAD_BYTES);
  for (let i: u32 = 0; i < runs * words; i++) {
    const isLast = i % words == words - 1;
    store<u32>(ptr + (i << 2), isLast ? nextWord() & (u32.MAX_VALUE >> ((0 - bits) & 31)) : nextWord());
  }
  return ptr;
}

function layer(rows: u32, inFeatures: u32, outFeatures: u32, isBinaryInput: bool, isBinaryWeights: bool, toBits: bool): DenseParams {
  const p = changetype<DenseParams>(heap.alloc(PARAMS_BYTES));
  p.rows = rows;
  p.inFeatures = inFeatures;
  p.outChannels = outFeatures;
  p.tilePixels = rows == 1 ? 1 : 4;
  p.inputPtr = (isBinaryInput ? drawBits(rows, inFeatures) : drawFloats(rows * inFeatures)) as u32;
  p.weightsPtr = (isBinaryWeights ? drawBits(outFeatures, inFeatures) : drawFloats(outFeatures * inFeatures)) as u32;
  p.alphaPtr = isBinaryWeights ? (drawFloats(outFeatures) as u32) : 0;
  p.betaPtr = isBinaryWeights ? (drawFloats(outFeatures) as u32) : 0;
  p.biasPtr = drawFloats(outFeatures) as u32;
  p.thresholdsPtr = toBits ? (drawFloats(outFeatures) as u32) : 0;
  p.flipsPtr = toBits ? (drawBits(1, outFeatures) as u32) : 0;
  return p;
}

function run(p: DenseParams, kernel: (params: usize) => void, bytes: usize): usize {
  const output = heap.alloc(bytes);
  memory.fill(output, 0xa5, bytes);
  const scratch = heap.alloc(SCRATCH_BYTES);
  memory.fill(scratch, 0xa5, SCRATCH_BYTES);
  p.outputPtr = output as u32;
  p.scratchPtr = ((scratch + 15) & ~15) as u32;
  kernel(changetype<usize>(p));
  return output;
}

function expectTwins(p: DenseParams, kernel: (params: usize) => void, twin: (params: usize) => void): void {
  const bytes: usize = (p.rows * (p.thresholdsPtr ? (p.outChannels + 31) >> 5 : p.outChannels)) << 2;
  expect(memory.compare(run(p, kernel, bytes), run(p, twin, bytes), bytes)).toBe(0);
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
