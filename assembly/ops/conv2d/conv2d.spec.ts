import { drawBits, drawConstants, drawEpilogue, drawFloats, runLayer, runParts } from "../../output/layer-case";
import { conv2d_f32_depthwise, conv2d_f32b1b1_depthwise } from "./depthwise";
import { conv2d_b1f32b1_direct_2x16, conv2d_b1f32f32_direct_2x16, conv2d_f32_direct_2x16 } from "./direct";
import { conv2d_b1b1b1_im2row_4x2, conv2d_b1b1f32_im2row_4x2 } from "./im2row";
import { conv2d_b1b1b1_lut5_64x1, conv2d_b1b1f32_lut5_64x1, conv2d_pack_planes, conv2d_setup_lut5 } from "./lut5";
import { conv2d_i8f32b1_pairs_4x8, conv2d_i8f32f32_pairs_4x8 } from "./pairs";
import { conv2d_pack_pairs } from "./pairs-rows";
import { conv2d_setup_pairs } from "./pairs-weights";
import { Conv2dParams } from "./params";
import {
  conv2d_b1b1b1_reference,
  conv2d_b1b1f32_reference,
  conv2d_b1f32b1_reference,
  conv2d_b1f32f32_reference,
  conv2d_f32_reference,
  conv2d_f32b1b1_reference,
  conv2d_f32b1f32_reference,
  conv2d_f32f32b1_reference,
  conv2d_i8b1b1_reference,
  conv2d_i8b1f32_reference,
  conv2d_i8f32b1_reference,
  conv2d_i8f32f32_reference,
} from "./reference";
import { conv2d_setup_rowlut_f32, conv2d_setup_rowlut_i8 } from "./row-indices";
import { conv2d_f32b1b1_rowlut_1x16, conv2d_f32b1f32_rowlut_1x16, conv2d_i8b1b1_rowlut_1x32, conv2d_i8b1f32_rowlut_1x32 } from "./row-lut";
import { conv2d_pack_rows_f32, conv2d_pack_rows_i8 } from "./row-planes";
import { conv2d_f32_winograd4_4x8, conv2d_f32_winograd7_4x8, conv2d_f32f32b1_winograd4_4x8, conv2d_f32f32b1_winograd7_4x8 } from "./winograd";
import { countDepth } from "./winograd-rows";
import { conv2d_setup_im2row } from "./tap-counts";
import { conv2d_setup_winograd4 } from "./winograd4-weights";
import { conv2d_setup_winograd7 } from "./winograd7-weights";

const PARAMS_BYTES = 196;
const THREAD_BYTES: u32 = 40960;
const INDEX_BYTES: u32 = 65536;

/** A 3x3 layer padded by 1 with everything a layer can have. Output and scratch are left to runLayer. */
function layer(channels: u32, filters: u32, groups: u32, height: u32, width: u32, stride: u32, isBinaryInput: bool, isBinaryWeights: bool, toBits: bool): Conv2dParams {
  const p = changetype<Conv2dParams>(heap.alloc(PARAMS_BYTES));
  const run = channels / groups;
  p.batch = 2;
  p.inChannels = channels;
  p.inHeight = height;
  p.inWidth = width;
  p.outHeight = (height - 1) / stride + 1;
  p.outWidth = (width - 1) / stride + 1;
  p.groups = groups;
  p.kernelH = p.kernelW = 3;
  p.strideH = p.strideW = stride;
  p.dilationH = p.dilationW = 1;
  p.padTop = p.padLeft = 1;
  p.padValue = 0;
  p.inputElemBytes = 4;
  p.tilePixels = isBinaryInput && isBinaryWeights ? 8 : 16;
  p.inputPtr = isBinaryInput ? drawBits(2 * height * width, channels) : drawFloats(2 * channels * height * width);
  p.weightsPtr = isBinaryWeights ? drawBits(filters * 9, run) : drawFloats(filters * 9 * run);
  drawConstants(p, filters, isBinaryWeights, toBits);
  p.scalePtr = drawFloats(2 * p.outHeight * p.outWidth);
  p.lutPtr = isBinaryInput ? (countTaps(p) as u32) : 0;
  return p;
}

/** What src/ops/row-planes.ts plans for a 3x3 window padded by 1, and the two parts that run before and after it. */
function planRows(p: Conv2dParams, tableChannels: u32): Conv2dParams {
  p.inputScale = 0.5;
  p.inputZeroPoint = -3;
  p.tableChannels = tableChannels;
  p.planeCols = p.outWidth + 1;
  p.planeBytes = ((((p.outHeight + 2) * p.planeCols + 32) << 2) + 63) & ~63;
  p.lutPtr = heap.alloc(INDEX_BYTES) as u32;
  p.threadPtr = ((heap.alloc(3 * THREAD_BYTES + 16) + 15) & ~15) as u32;
  p.threadBytes = THREAD_BYTES;
  return p;
}

function rowlutToFloats(params: usize): void {
  conv2d_setup_rowlut_f32(params);
  conv2d_pack_rows_f32(params, 0, 1);
  conv2d_f32b1f32_rowlut_1x16(params, 0, 1);
}

function rowlutToBits(params: usize): void {
  conv2d_setup_rowlut_f32(params);
  for (let part: u32 = 0; part < 3; part++) conv2d_pack_rows_f32(params, part, 3);
  for (let part: u32 = 0; part < 3; part++) conv2d_f32b1b1_rowlut_1x16(params, part, 3);
}

function rowlutInt8ToFloats(params: usize): void {
  conv2d_setup_rowlut_i8(params);
  for (let part: u32 = 0; part < 2; part++) conv2d_pack_rows_i8(params, part, 2);
  for (let part: u32 = 0; part < 2; part++) conv2d_i8b1f32_rowlut_1x32(params, part, 2);
}

function rowlutInt8ToBits(params: usize): void {
  conv2d_setup_rowlut_i8(params);
  conv2d_pack_rows_i8(params, 0, 1);
  conv2d_i8b1b1_rowlut_1x32(params, 0, 1);
}

/** The table of tap-counts.ts: ones of the taps above and left of (y, x). */
function countTaps(p: Conv2dParams): usize {
  const words = (p.inChannels / p.groups + 31) >> 5;
  const counts = heap.alloc((16 * p.outChannels) << 2);
  for (let y: u32 = 0; y < 4; y++) {
    for (let x: u32 = 0; x < 4; x++) {
      for (let o: u32 = 0; o < p.outChannels; o++) {
        let ones: u32 = 0;
        for (let tap: u32 = 0; tap < 9; tap++) {
          if (tap / 3 >= y || tap % 3 >= x) continue;
          for (let w: u32 = 0; w < words; w++) ones += popcnt(load<u32>(p.weightsPtr + (((o * 9 + tap) * words + w) << 2)));
        }
        store<u32>(counts + (((y * 4 + x) * p.outChannels + o) << 2), ones);
      }
    }
  }
  return counts;
}

/** Compare a look-up kernel with its naive twin: the image in one band, in two, of which the last is shorter, and in bands of one row. */
function expectBands(p: Conv2dParams, kernel: (params: usize) => void, twin: (params: usize) => void): void {
  const rows: StaticArray<u32> = [p.outHeight, p.outHeight / 2 + 1, 1];
  for (let i = 0; i < rows.length; i++) {
    p.bandRows = rows[i];
    expectTwins(p, kernel, twin);
  }
}

/** What src/ops/planes.ts sizes, roomily, and the steps before the kernel. */
function preparePlanes(params: usize): void {
  const p = changetype<Conv2dParams>(params);
  p.planeBytes = 256;
  p.lutPtr = heap.alloc(65536) as u32;
  p.threadPtr = p.scratchPtr + 393216;
  p.threadBytes = 0;
  conv2d_setup_lut5(params);
  conv2d_pack_planes(params, 0, 1);
}

function lut5ToFloats(params: usize): void {
  preparePlanes(params);
  conv2d_b1b1f32_lut5_64x1(params, 0, 1);
}

function lut5ToBits(params: usize): void {
  preparePlanes(params);
  conv2d_b1b1b1_lut5_64x1(params, 0, 1);
}

function expectTwins(p: Conv2dParams, kernel: (params: usize) => void, twin: (params: usize) => void): void {
  const bytes = countOutputBytes(p);
  expect(memory.compare(runLayer(p, kernel, bytes), runLayer(p, twin, bytes), bytes)).toBe(0);
}

/** In one part, and in three. */
function expectSplitTwins(p: Conv2dParams, kernel: (params: usize, part: u32, parts: u32) => void, twin: (params: usize) => void): void {
  const bytes = countOutputBytes(p);
  const wanted = runLayer(p, twin, bytes);
  expect(memory.compare(runParts(p, kernel, bytes, 1), wanted, bytes)).toBe(0);
  expect(memory.compare(runParts(p, kernel, bytes, 3), wanted, bytes)).toBe(0);
}

/** Seven points are no whole numbers, so sums are close, not equal. */
function expectCloseTwins(p: Conv2dParams, kernel: (params: usize) => void, twin: (params: usize) => void): void {
  const bytes = countOutputBytes(p);
  const found = runLayer(p, kernel, bytes);
  const wanted = runLayer(p, twin, bytes);
  let worst: f32 = 0;
  for (let at: usize = 0; at < bytes; at += 4) worst = max(worst, abs(load<f32>(found + at) - load<f32>(wanted + at)));
  expect(worst).toBeLessThan(0.01);
}

/** Make the outputs int8. */
function onGrid(p: Conv2dParams): Conv2dParams {
  p.outGridScale = 16;
  p.outGridZeroPoint = 3;
  return p;
}

function countOutputBytes(p: Conv2dParams): usize {
  const pixels = p.batch * p.outHeight * p.outWidth;
  if (p.outGridScale != 0) return pixels * p.outChannels;
  return (pixels * (p.thresholdsPtr ? (p.outChannels + 31) >> 5 : p.outChannels)) << 2;
}

/** Memory of two threads for blocks of four tiles, whose scratch is small. */
function openWinograd(params: usize, positions: u32): Conv2dParams {
  const p = changetype<Conv2dParams>(params);
  p.tilePixels = 16;
  p.threadBytes = 65536;
  p.threadPtr = heap.alloc(2 * p.threadBytes) as u32;
  p.lutPtr = heap.alloc((((p.outChannels + 3) >> 2) * countDepth(p) * positions) << 4) as u32;
  return p;
}

/** Two threads' work, one after the other. */
function shareWinograd4(params: usize, toBits: bool): void {
  openWinograd(params, 16);
  conv2d_setup_winograd4(params);
  for (let part: u32 = 0; part < 2; part++) {
    if (toBits) conv2d_f32f32b1_winograd4_4x8(params, part, 2);
    else conv2d_f32_winograd4_4x8(params, part, 2);
  }
}

/** A 5x5 layer padded by 2; no sum is near a threshold. */
function layer5x5(channels: u32, filters: u32, height: u32, width: u32, stride: u32, toBits: bool): Conv2dParams {
  const p = layer(channels, filters, 1, height, width, stride, false, false, toBits);
  p.kernelH = p.kernelW = 5;
  p.padTop = p.padLeft = 2;
  p.weightsPtr = drawFloats(filters * 25 * channels);
  if (toBits) for (let f: u32 = 0; f < filters; f++) store<f32>(p.thresholdsPtr + (f << 2), load<f32>(p.thresholdsPtr + (f << 2)) + 0.0625);
  return p;
}

function shareWinograd7(params: usize, toBits: bool): void {
  openWinograd(params, 49);
  conv2d_setup_winograd7(params);
  for (let part: u32 = 0; part < 2; part++) {
    if (toBits) conv2d_f32f32b1_winograd7_4x8(params, part, 2);
    else conv2d_f32_winograd7_4x8(params, part, 2);
  }
}

/** Three threads' work, one after the other. */
function sharePairs(params: usize, toBits: bool): void {
  const p = changetype<Conv2dParams>(params);
  p.inputScale = 0.5;
  p.inputZeroPoint = -7;
  p.threadBytes = 8192;
  p.threadPtr = heap.alloc(3 * p.threadBytes) as u32;
  p.lutPtr = heap.alloc(65536) as u32;
  conv2d_setup_pairs(params);
  for (let part: u32 = 0; part < 3; part++) conv2d_pack_pairs(params, part, 3);
  for (let part: u32 = 0; part < 3; part++) {
    if (toBits) conv2d_i8f32b1_pairs_4x8(params, part, 3);
    else conv2d_i8f32f32_pairs_4x8(params, part, 3);
  }
}

describe("conv2d kernels equal their naive twins, byte for byte", () => {
  it("b1b1f32 im2row", () => {
    expectSplitTwins(layer(64, 5, 1, 5, 7, 1, true, true, false), conv2d_b1b1f32_im2row_4x2, conv2d_b1b1f32_reference);
    expectSplitTwins(layer(99, 36, 3, 4, 3, 2, true, true, false), conv2d_b1b1f32_im2row_4x2, conv2d_b1b1f32_reference);
  });

  it("the taps above and left, in a table", () => {
    const p = layer(99, 36, 3, 4, 3, 2, true, true, false);
    const expected = p.lutPtr as usize;
    const bytes = (16 * p.outChannels) << 2;
    const made = heap.alloc(bytes);
    p.lutPtr = made as u32;
    conv2d_setup_im2row(changetype<usize>(p));
    expect(memory.compare(made, expected, bytes)).toBe(0);
  });

  it("b1b1b1 im2row, two levels and signs", () => {
    const p = layer(40, 66, 2, 3, 6, 1, true, true, true);
    expectSplitTwins(p, conv2d_b1b1b1_im2row_4x2, conv2d_b1b1b1_reference);
    p.betaPtr = 0; // thresholds are i32 now: huge, but any will do
    expectSplitTwins(p, conv2d_b1b1b1_im2row_4x2, conv2d_b1b1b1_reference);
  });

  it("b1b1f32 and b1b1b1 lut5 on pair planes", () => {
    expectBands(layer(33, 5, 1, 5, 7, 1, true, true, false), lut5ToFloats, conv2d_b1b1f32_reference);
    expectBands(layer(16, 40, 1, 11, 9, 2, true, true, true), lut5ToBits, conv2d_b1b1b1_reference);
    const p = layer(35, 34, 1, 6, 13, 1, true, true, true);
    p.betaPtr = 0;
    p.scalePtr = 0; // integers are compared, which no scale may precede
    expectBands(p, lut5ToBits, conv2d_b1b1b1_reference);
  });

  it("lut5 straight from counts: lines for two levels, f32 without a scale", () => {
    for (let channels: u32 = 32; channels < 34; channels++) {
      const bits = layer(channels, 40, 1, 9, 7, 1, true, true, true);
      bits.scalePtr = 0;
      expectBands(bits, lut5ToBits, conv2d_b1b1b1_reference);
      const reals = layer(channels, 5, 1, 9, 7, 1, true, true, false);
      reals.scalePtr = 0;
      expectBands(reals, lut5ToFloats, conv2d_b1b1f32_reference);
      reals.betaPtr = 0;
      expectBands(reals, lut5ToFloats, conv2d_b1b1f32_reference);
    }
  });

  it("f32b1f32 and f32b1b1 rowlut, one part and three, which share tiles or filters", () => {
    expectTwins(planRows(layer(37, 5, 1, 5, 7, 1, false, true, false), 4), rowlutToFloats, conv2d_f32b1f32_reference);
    expectTwins(planRows(layer(66, 34, 2, 4, 5, 2, false, true, true), 5), rowlutToBits, conv2d_f32b1b1_reference);
    expectTwins(planRows(layer(6, 70, 1, 2, 3, 1, false, true, true), 5), rowlutToBits, conv2d_f32b1b1_reference);
  });

  it("i8b1f32 and i8b1b1 rowlut, one part and two", () => {
    expectTwins(planRows(layer(37, 45, 1, 5, 7, 1, false, true, false), 5), rowlutInt8ToFloats, conv2d_i8b1f32_reference);
    expectTwins(planRows(layer(66, 34, 2, 4, 5, 2, false, true, true), 4), rowlutInt8ToBits, conv2d_i8b1b1_reference);
  });

  it("b1f32f32 and b1f32b1 direct, every kind of padding", () => {
    const p = layer(70, 6, 2, 5, 7, 1, true, false, false);
    for (let value = -1; value <= 1; value++) {
      p.padValue = value;
      expectSplitTwins(p, conv2d_b1f32f32_direct_2x16, conv2d_b1f32f32_reference);
    }
    expectSplitTwins(layer(33, 34, 1, 4, 5, 2, true, false, true), conv2d_b1f32b1_direct_2x16, conv2d_b1f32b1_reference);
  });

  it("f32 and f32f32b1 winograd", () => {
    const toFloats = (params: usize): void => shareWinograd4(params, false);
    const toBits = (params: usize): void => shareWinograd4(params, true);
    expectTwins(layer(20, 7, 1, 5, 7, 1, false, false, false), toFloats, conv2d_f32_reference);
    expectTwins(layer(3, 50, 1, 4, 6, 1, false, false, true), toBits, conv2d_f32f32b1_reference);
  });

  it("f32 and f32f32b1 winograd by seven points", () => {
    const toFloats = (params: usize): void => shareWinograd7(params, false);
    const toBits = (params: usize): void => shareWinograd7(params, true);
    expectCloseTwins(layer5x5(3, 7, 9, 7, 1, false), toFloats, conv2d_f32_reference);
    expectCloseTwins(layer5x5(2, 18, 4, 16, 2, false), toFloats, conv2d_f32_reference);
    expectTwins(layer5x5(2, 50, 11, 6, 2, true), toBits, conv2d_f32f32b1_reference);
  });

  it("i8f32f32 and i8f32b1 pairs", () => {
    const toFloats = (params: usize): void => sharePairs(params, false);
    const toBits = (params: usize): void => sharePairs(params, true);
    expectTwins(layer(3, 11, 1, 7, 9, 2, false, false, false), toFloats, conv2d_i8f32f32_reference);
    expectTwins(layer(2, 41, 1, 5, 6, 1, false, false, true), toBits, conv2d_i8f32b1_reference);
  });

  it("with an epilogue", () => {
    const reals = layer(37, 5, 1, 5, 7, 1, false, true, false);
    drawEpilogue(reals, 2 * 5 * 35);
    expectTwins(planRows(reals, 4), rowlutToFloats, conv2d_f32b1f32_reference);
    const bits = layer(40, 66, 2, 3, 6, 1, true, true, true);
    bits.betaPtr = 0; // the thresholds are f32 all the same
    drawEpilogue(bits, 2 * 66 * 18);
    expectSplitTwins(bits, conv2d_b1b1b1_im2row_4x2, conv2d_b1b1b1_reference);
    const depthwise = layer(6, 6, 6, 5, 19, 1, false, true, true);
    drawEpilogue(depthwise, 2 * 6 * 95);
    expectSplitTwins(depthwise, conv2d_f32b1b1_depthwise, conv2d_f32b1b1_reference);
  });

  it("to int8, and from int8", () => {
    const reals = onGrid(layer(3, 6, 1, 5, 7, 1, false, false, false));
    expectSplitTwins(reals, conv2d_f32_direct_2x16, conv2d_f32_reference);
    const signs = onGrid(layer(64, 5, 1, 5, 7, 1, true, true, false));
    expectBands(signs, lut5ToFloats, conv2d_b1b1f32_reference);
    const bytes = onGrid(layer(7, 9, 1, 5, 19, 2, false, true, false));
    bytes.inputElemBytes = 1;
    expectTwins(planRows(bytes, 4), rowlutInt8ToFloats, conv2d_i8b1f32_reference);
  });

  it("f32 direct and depthwise", () => {
    expectSplitTwins(layer(32, 7, 1, 5, 7, 1, false, false, false), conv2d_f32_direct_2x16, conv2d_f32_reference);
    expectSplitTwins(layer(6, 12, 6, 5, 19, 2, false, false, false), conv2d_f32_depthwise, conv2d_f32_reference);
    expectSplitTwins(layer(6, 6, 6, 5, 19, 1, false, true, true), conv2d_f32b1b1_depthwise, conv2d_f32b1b1_reference);
  });
});
