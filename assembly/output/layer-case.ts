// Specs only: made-up operands for a conv2d or dense kernel, and a run of it with garbage where it must write.
import { OVERREAD_BYTES } from "../abi";
import { LayerParams } from "./layer";

const SCRATCH_BYTES = 524288;

let seed: u32 = 1;

function nextWord(): u32 {
  seed = seed * 1664525 + 1013904223;
  return seed ^ (seed >> 13);
}

/** Whole numbers, so that sums are exact in any order. */
export function drawFloats(count: u32): u32 {
  const ptr = heap.alloc((count << 2) + OVERREAD_BYTES);
  for (let i: u32 = 0; i < count; i++) store<f32>(ptr + (i << 2), ((nextWord() & 15) as f32) - 8);
  return ptr as u32;
}

/** Runs of `bits` bits, padded to words with zeros. */
export function drawBits(runs: u32, bits: u32): u32 {
  const words = (bits + 31) >> 5;
  const ptr = heap.alloc(((runs * words) << 2) + OVERREAD_BYTES);
  for (let i: u32 = 0; i < runs * words; i++) {
    const isLast = i % words == words - 1;
    store<u32>(ptr + (i << 2), isLast ? nextWord() & (u32.MAX_VALUE >> ((0 - bits) & 31)) : nextWord());
  }
  return ptr as u32;
}

/** Give a layer everything it can have per filter. */
export function drawConstants(p: LayerParams, filters: u32, isBinaryWeights: bool, toBits: bool): void {
  p.outChannels = filters;
  p.alphaPtr = isBinaryWeights ? drawFloats(filters) : 0;
  p.betaPtr = isBinaryWeights ? drawFloats(filters) : 0;
  p.biasPtr = drawFloats(filters);
  p.thresholdsPtr = toBits ? drawFloats(filters) : 0;
  p.flipsPtr = toBits ? drawBits(1, filters) : 0;
  p.hasEpilogue = 0;
  p.outGridScale = 0;
}

/** Give a layer of `elems` outputs every stage of an epilogue. */
export function drawEpilogue(p: LayerParams, elems: u32): void {
  p.hasEpilogue = 1;
  p.residualPtr = drawFloats(elems);
  p.addsLast = elems & 1;
  p.slopePtr = drawFloats(p.outChannels);
  p.low = -40;
  p.high = 50;
  p.outScalePtr = drawFloats(p.outChannels);
  p.outBiasPtr = drawFloats(p.outChannels);
}

/** Run a kernel that splits, in `parts` parts; returns its output of `bytes` bytes. */
export function runParts(p: LayerParams, kernel: (params: usize, part: u32, parts: u32) => void, bytes: usize, parts: u32): usize {
  const output = openOutput(p, bytes);
  p.threadBytes = (SCRATCH_BYTES / parts) & ~15;
  for (let part = parts; part; part--) kernel(changetype<usize>(p), part - 1, parts);
  return output;
}

/** Run a kernel; returns its output of `bytes` bytes. */
export function runLayer(p: LayerParams, kernel: (params: usize) => void, bytes: usize): usize {
  const output = openOutput(p, bytes);
  kernel(changetype<usize>(p));
  return output;
}

function openOutput(p: LayerParams, bytes: usize): usize {
  const output = heap.alloc(bytes);
  memory.fill(output, 0xa5, bytes);
  const scratch = heap.alloc(SCRATCH_BYTES);
  memory.fill(scratch, 0xa5, SCRATCH_BYTES);
  p.outputPtr = output as u32;
  p.scratchPtr = ((scratch + 15) & ~15) as u32;
  return output;
}
