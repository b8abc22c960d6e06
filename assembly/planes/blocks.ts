// What setup makes of a layer's weights and window, in the step's table, so that a run only walks lists:
//
//   LutTable (32) | tables to build: TableRow (20 bytes) each | invalid: a plane per band and phase | base: i16[bands][2 D]
//   | compared: [O] of 8 bytes
//   | blocks: Block (16 bytes) each | streams: per block u16[O + 1][look-ups]      filter O has all weights +1: it counts S
//
// A look-up is (row of tables, shift, pattern of five weight bits), written as the offset of its entry. Taps that lie side by side in a
// phase read the same table, each by its own shift. A block is as many look-ups as fit 17 steps and as many tables as fit L1.
import { Comparison, comparisonOf } from "../output/comparison";
import { firstTap, endTap } from "../pack/rows";
import { Conv2dParams } from "../ops/conv2d/params";
import {
  countBands, countGroups, countPhases, countPlanes, firstInBand, firstInside, firstOfPhase, GROUP, lastRow, pairDistance, phaseOf, rowStride,
} from "./geometry";
import { findLines, LINE_BYTES } from "./lines";
import { FIRST_TABLE, MAX_STEPS, STEP } from "./look-up";
import { SharedEntry, SingleEntry } from "./tables";

/** Tables at once: most of an L1 of 48 KiB, where 24 KiB were no faster (ResNet-18's shapes, Xeon, Node 20, 2026-11). */
// @ts-ignore: decorator
@inline export const MAX_TABLE_BYTES: u32 = 30720;

/** A block that is full has at least these: 34 if its steps are full, 22 if its tables are. */
const MIN_LOOKUPS: u32 = 16;

const PATTERNS: u32 = 32;
const MAX_SHIFT: u32 = 16;

@unmanaged
export class LutTable {
  blocks!: u32;
  blocksPtr!: u32;
  basePtr!: u32; // i16[bands][2 D]: products that count at a position
  comparedPtr!: u32; // thresholds of D, i16[O]; or two-level weights' lines, see lines.ts
  comparesCounts!: u32; // 0: outputs are floats, or bits that the output stage makes
  rowStride!: u32;
  distance!: u32; // D
  invalidBytes!: u32; // from band to band
}

@unmanaged
export class TableRow {
  sourceBytes!: u32; // into an image's planes
  invalidPtr!: u32;
  tableBytes!: u32; // into the tables
  constant!: u32; // both nibbles
  isShared!: u32;
}

@unmanaged
export class Block {
  rows!: u32;
  rowsPtr!: u32;
  steps!: u32;
  streamPtr!: u32;
}

/** One look-up of the block being made. */
@unmanaged
class LookUp {
  weightBytes!: u32; // into a filter's weights, of the two bytes that hold its bits
  weightShift!: u32;
  weightMask!: u32;
  entry!: u32; // offset of pattern 0
  entryBytes!: u32;
}

// @ts-ignore: decorator
@inline const ROW_BYTES: u32 = 20;
// @ts-ignore: decorator
@inline const BLOCK_BYTES: u32 = 16;
// @ts-ignore: decorator
@inline const LOOKUP_BYTES: u32 = 20;

/** Fill the table. The list of a block's look-ups is kept in scratch. */
export function makeTable(p: Conv2dParams): void {
  const table = changetype<LutTable>(p.lutPtr);
  const stride = rowStride(p);
  const distance = pairDistance(p, stride);
  const phasesW = countPhases(p.kernelW, p.strideW);
  const phases = countPhases(p.kernelH, p.strideH) * phasesW;
  const groups = countGroups(p);
  const taps = p.kernelH * p.kernelW;
  const halfChannels = p.inChannels >> 1;
  let row = p.lutPtr + 32;
  const invalid = row + groups * taps * ROW_BYTES;
  table.rowStride = stride;
  table.distance = distance;
  const bands = countBands(p);
  table.invalidBytes = phases * p.planeBytes;
  table.basePtr = invalid + bands * table.invalidBytes;
  table.comparedPtr = table.basePtr + bands * (distance << 2);
  table.blocksPtr = (table.comparedPtr + p.outChannels * LINE_BYTES + 3) & ~3;
  for (let band: u32 = 0; band < bands; band++) {
    const firstRow = band * p.bandRows;
    for (let phase: u32 = 0; phase < phases; phase++) {
      const firstY = firstOfPhase(phase / phasesW, p.kernelH, p.strideH, p.dilationH);
      const firstX = firstOfPhase(phase % phasesW, p.kernelW, p.strideW, p.dilationW);
      markInvalid(p, invalid + band * table.invalidBytes + phase * p.planeBytes, stride, distance, firstRow, firstY, firstX);
    }
    countValid(p, table.basePtr + band * (distance << 2), stride, distance, firstRow);
  }
  const comparison = comparisonOf(p, p.scalePtr);
  const hasLines = comparison == Comparison.LEVELS && findLines(p, taps * p.inChannels, isUneven(p) ? 1 : 2, table.comparedPtr);
  if (comparison == Comparison.DOTS) narrowThresholds(p, table.comparedPtr);
  table.comparesCounts = u32(comparison == Comparison.DOTS || hasLines);

  // Rows of tables into blocks.
  const wordBytes = ((p.inChannels + 31) >> 5) << 2;
  let block = table.blocksPtr;
  let stream = block + ((groups * taps) / MIN_LOOKUPS + 2) * BLOCK_BYTES;
  let lookUps: u32 = 0;
  let tableBytes = FIRST_TABLE;
  openBlock(block, row);
  for (let g: u32 = 0; g < groups; g++) {
    const constant = ((halfChannels * (g + 1)) / groups - (halfChannels * g) / groups) * 0x11;
    const bits = GROUP * g;
    const weightMask = (1 << min(GROUP, p.inChannels - bits)) - 1;
    for (let ky: u32 = 0; ky < p.kernelH; ky++) {
      const phaseY = phaseOf(ky, p.kernelH, p.strideH, p.dilationH) * phasesW;
      const rowOffset = ((ky * p.dilationH) / p.strideH) * stride;
      for (let phaseX: u32 = 0; phaseX < phasesW; phaseX++) {
        for (let first: u32 = 0; first < p.kernelW; first++) {
          if (phaseOf(first, p.kernelW, p.strideW, p.dilationW) != phaseX) continue;
          // The taps that share a row of tables with `first`: the next ones of its phase.
          const from = (first * p.dilationW) / p.strideW;
          let end = first + 1;
          let members: u32 = 1;
          for (let kx = end; kx < p.kernelW && (kx * p.dilationW) / p.strideW - from <= MAX_SHIFT; kx++) {
            if (phaseOf(kx, p.kernelW, p.strideW, p.dilationW) != phaseX) continue;
            members++;
            end = kx + 1;
          }
          const entryBytes: u32 = members > 1 ? offsetof<SharedEntry>() : offsetof<SingleEntry>();
          if (lookUps + members > MAX_STEPS * STEP || tableBytes + PATTERNS * entryBytes > MAX_TABLE_BYTES) {
            stream = closeBlock(p, block, lookUps, stream);
            block += BLOCK_BYTES;
            lookUps = 0;
            tableBytes = FIRST_TABLE;
            openBlock(block, row);
          }
          const built = changetype<TableRow>(row);
          const offset = rowOffset + from;
          built.sourceBytes = ((phaseY + phaseX) * countPlanes(p) + bits) * p.planeBytes + offset;
          built.invalidPtr = invalid + (phaseY + phaseX) * p.planeBytes + offset;
          built.tableBytes = tableBytes;
          built.constant = constant;
          built.isShared = u32(members > 1);
          for (let kx = first; kx < end; kx++) {
            if (phaseOf(kx, p.kernelW, p.strideW, p.dilationW) != phaseX) continue;
            const lookUp = changetype<LookUp>(p.threadPtr + lookUps * LOOKUP_BYTES);
            lookUp.weightBytes = (ky * p.kernelW + kx) * wordBytes + (bits >> 3);
            lookUp.weightShift = bits & 7;
            lookUp.weightMask = weightMask;
            lookUp.entry = tableBytes + (kx * p.dilationW) / p.strideW - from;
            lookUp.entryBytes = entryBytes;
            lookUps++;
          }
          changetype<Block>(block).rows++;
          tableBytes += PATTERNS * entryBytes;
          row += ROW_BYTES;
          first = end - 1;
        }
      }
    }
  }
  closeBlock(p, block, lookUps, stream);
  table.blocks = (block - table.blocksPtr) / BLOCK_BYTES + 1;
}

function openBlock(block: usize, row: u32): void {
  changetype<Block>(block).rows = 0;
  changetype<Block>(block).rowsPtr = row;
}

/** Write every filter's stream; returns where the next block's begins. */
function closeBlock(p: Conv2dParams, block: usize, lookUps: u32, stream: u32): u32 {
  const steps = (lookUps + STEP - 1) / STEP;
  changetype<Block>(block).steps = steps;
  changetype<Block>(block).streamPtr = stream;
  const filterBytes = (p.kernelH * p.kernelW * ((p.inChannels + 31) >> 5)) << 2;
  const streamBytes = steps * STEP * 2;
  const end = p.threadPtr + lookUps * LOOKUP_BYTES;
  let filter: u32 = 0;
  let weights = p.weightsPtr;
  for (; filter + 8 <= p.outChannels; filter += 8, weights += 8 * filterBytes, stream += 8 * streamBytes) {
    writeStreams(p.threadPtr, end, weights, filterBytes, stream, streamBytes);
  }
  for (; filter < p.outChannels; filter++, weights += filterBytes, stream += streamBytes) writeStream(p.threadPtr, end, weights, stream, streamBytes);
  // The last filter is that of S: all bits 0.
  writeStream(p.threadPtr, end, 0, stream, streamBytes);
  return stream + streamBytes;
}

/** Write one filter's stream; without `weights` its bits are 0. */
function writeStream(from: u32, end: u32, weights: u32, stream: u32, streamBytes: u32): void {
  memory.fill(stream, 0, streamBytes);
  for (let at = from; at < end; at += LOOKUP_BYTES, stream += 2) {
    const lookUp = changetype<LookUp>(at);
    const pattern = weights ? ((load<u16>(weights + lookUp.weightBytes) as u32) >> lookUp.weightShift) & lookUp.weightMask : 0;
    store<u16>(stream, (lookUp.entry + pattern * lookUp.entryBytes) as u16);
  }
}

/** Write the streams of eight filters, a filter in each lane. */
function writeStreams(from: u32, end: u32, weights: u32, filterBytes: u32, stream: u32, streamBytes: u32): void {
  memory.fill(stream, 0, streamBytes << 3);
  for (let at = from; at < end; at += LOOKUP_BYTES, stream += 2) {
    const lookUp = changetype<LookUp>(at);
    let word = weights + lookUp.weightBytes;
    let words = v128.load_lane<u16>(word, i16x8.splat(0), 0);
    words = v128.load_lane<u16>((word += filterBytes), words, 1);
    words = v128.load_lane<u16>((word += filterBytes), words, 2);
    words = v128.load_lane<u16>((word += filterBytes), words, 3);
    words = v128.load_lane<u16>((word += filterBytes), words, 4);
    words = v128.load_lane<u16>((word += filterBytes), words, 5);
    words = v128.load_lane<u16>((word += filterBytes), words, 6);
    words = v128.load_lane<u16>((word += filterBytes), words, 7);
    const patterns = v128.and(i16x8.shr_u(words, lookUp.weightShift), i16x8.splat(lookUp.weightMask as i16));
    const entries = i16x8.add(i16x8.splat(lookUp.entry as i16), i16x8.mul(patterns, i16x8.splat(lookUp.entryBytes as i16)));
    let to = stream;
    v128.store_lane<u16>(to, entries, 0);
    v128.store_lane<u16>((to += streamBytes), entries, 1);
    v128.store_lane<u16>((to += streamBytes), entries, 2);
    v128.store_lane<u16>((to += streamBytes), entries, 3);
    v128.store_lane<u16>((to += streamBytes), entries, 4);
    v128.store_lane<u16>((to += streamBytes), entries, 5);
    v128.store_lane<u16>((to += streamBytes), entries, 6);
    v128.store_lane<u16>((to += streamBytes), entries, 7);
  }
}

/** Write nibbles of 15 where a position of the phase is zero padding, 0 where it is a pixel or padding that has a value. */
function markInvalid(p: Conv2dParams, invalid: u32, stride: u32, distance: u32, firstRow: u32, firstY: u32, firstX: u32): void {
  memory.fill(invalid, p.padValue == 0 ? 0xff : 0, p.planeBytes);
  if (p.padValue) return;
  const rows = p.bandRows + lastRow(p);
  const column = firstInside(firstX, p.padLeft, p.strideW);
  for (let row = firstInBand(firstY, p.padTop, p.strideH, firstRow); row < rows; row++) {
    if ((firstRow + row) * p.strideH + firstY - p.padTop >= p.inHeight) return;
    for (let c = column; c < stride && c * p.strideW + firstX - p.padLeft < p.inWidth; c++) {
      const near = row * stride + c;
      const far = near - distance;
      if (near < p.planeBytes) store<u8>(invalid + near, load<u8>(invalid + near) & 0xf0);
      if (near >= distance && far < p.planeBytes) store<u8>(invalid + far, load<u8>(invalid + far) & 0x0f);
    }
  }
}

/** True when not as many products count at every position. */
export function isUneven(p: Conv2dParams): bool {
  return p.padValue == 0 && (p.inChannels & 1) != 0;
}

/** Write how many products count at each position of a band: with zero padding and an odd number of channels, the constants are half too small. */
function countValid(p: Conv2dParams, base: u32, stride: u32, distance: u32, firstRow: u32): void {
  const taps = p.kernelH * p.kernelW;
  const depth = taps * p.inChannels;
  for (let at = base, end = base + (distance << 2); at < end; at += 2) store<u16>(at, depth as u16);
  if (!isUneven(p)) return;
  for (let y: u32 = 0; y < min(p.bandRows, p.outHeight - firstRow); y++) {
    const startY = ((firstRow + y) * p.strideH - p.padTop) as i32;
    const rows = max<i32>(0, endTap(startY, p.inHeight, p.dilationH, p.kernelH) - firstTap(startY, p.dilationH, p.kernelH));
    for (let x: u32 = 0; x < p.outWidth; x++) {
      const startX = (x * p.strideW - p.padLeft) as i32;
      const columns = max<i32>(0, endTap(startX, p.inWidth, p.dilationW, p.kernelW) - firstTap(startX, p.dilationW, p.kernelW));
      store<u16>(base + ((y * stride + x) << 1), (depth - taps + rows * columns) as u16);
    }
  }
}

/** Clamp thresholds of dot products to 16 bits: these lie in [-32766, 32766], so the answers stay the same. */
function narrowThresholds(p: Conv2dParams, to: u32): void {
  for (let i: u32 = 0; i < p.outChannels; i++) {
    store<i16>(to + (i << 1), max(-32767, min(32767, load<i32>(p.thresholdsPtr + (i << 2)))) as i16);
  }
}
