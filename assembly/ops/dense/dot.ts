// Fully connected layer of f32 inputs and f32 weights, lanes = features. The four filters that run together are a quarter of the layer
// apart: four streams of weights, each from its start to its end, come faster than one that is read in four places.
//
// Scratch of a thread, O4 = outChannels rounded up to 4:
//   OutputTile (64) | dots: f32[2][O4] | fours: f32[2][4]
import { Comparison } from "../../output/comparison";
import { OutputTile, TILE_BYTES } from "../../output/tile";
import { writeTile } from "../../output/write";
import { DenseParams, firstOfPart } from "./params";

/** Compute the filters of one part. */
function connect(params: usize, part: u32, parts: u32): void {
  const p = changetype<DenseParams>(params);
  const inBytes = p.inFeatures << 2;
  const toBits = p.thresholdsPtr != 0;
  const outBytes = toBits ? ((p.outChannels + 31) >> 5) << 2 : p.outChannels << 2;
  const first = firstOfPart(p.outChannels, part, parts);
  const filters = firstOfPart(p.outChannels, part + 1, parts) - first;
  if (filters == 0) return;
  const weights = p.weightsPtr + first * inBytes;
  const scratch = p.scratchPtr + part * p.threadBytes;
  const dots0 = scratch + TILE_BYTES;
  const dots1 = dots0 + (((p.outChannels + 3) & ~3) << 2);
  const four0 = dots1 + (dots1 - dots0);
  const four1 = four0 + 16;
  const quarter = (filters + 3) >> 2;

  const tile = changetype<OutputTile>(scratch);
  tile.dotBytes = 4;
  tile.sumsPtr = 0;
  tile.scalesPtr = 0;
  tile.firstFilter = first;
  tile.filters = filters;
  tile.pixels = 1;
  tile.filterBytes = 4;
  tile.pixelBytes = outBytes;

  for (let r: u32 = 0; r < p.rows; r += 2) {
    const x0 = p.inputPtr + r * inBytes;
    const isPair = r + 1 < p.rows;
    const x1 = isPair ? x0 + inBytes : x0;
    for (let o: u32 = 0; o < quarter; o++) {
      const o1 = min(o + quarter, filters - 1);
      const o2 = min(o + 2 * quarter, filters - 1);
      const o3 = min(o + 3 * quarter, filters - 1);
      const w0 = weights + o * inBytes;
      const w1 = weights + o1 * inBytes;
      const w2 = weights + o2 * inBytes;
      const w3 = weights + o3 * inBytes;
      if (ASC_FEATURE_SIMD) {
        if (isPair) multiply2x4(x0, x1, w0, w1, w2, w3, inBytes, four0, four1);
        else multiply1x4(x0, w0, w1, w2, w3, inBytes, four0);
      } else {
        multiplyScalar(x0, w0, w1, w2, w3, inBytes, four0);
        if (isPair) multiplyScalar(x1, w0, w1, w2, w3, inBytes, four1);
      }
      spread(four0, dots0, o, o1, o2, o3);
      if (isPair) spread(four1, dots1, o, o1, o2, o3);
    }
    writeRow(p, tile, dots0, p.outputPtr + r * outBytes);
    if (isPair) writeRow(p, tile, dots1, p.outputPtr + (r + 1) * outBytes);
  }
}

/** Put the dots of four filters in their places. */
function spread(four: u32, dots: u32, o0: u32, o1: u32, o2: u32, o3: u32): void {
  store<f32>(dots + (o0 << 2), load<f32>(four));
  store<f32>(dots + (o1 << 2), load<f32>(four, 4));
  store<f32>(dots + (o2 << 2), load<f32>(four, 8));
  store<f32>(dots + (o3 << 2), load<f32>(four, 12));
}

function writeRow(p: DenseParams, tile: OutputTile, dots: u32, output: u32): void {
  const toBits = p.thresholdsPtr != 0;
  if (toBits) memory.fill(output + (tile.firstFilter >> 3), 0, ((tile.filters + 31) >> 5) << 2);
  tile.dotsPtr = dots;
  tile.outPtr = toBits ? output : output + (tile.firstFilter << 2);
  writeTile(p, tile, Comparison.VALUES);
}

function multiply2x4(x0: u32, x1: u32, w0: u32, w1: u32, w2: u32, w3: u32, bytes: u32, to0: u32, to1: u32): void {
  let acc00 = f32x4.splat(0), acc01 = acc00, acc02 = acc00, acc03 = acc00;
  let acc10 = acc00, acc11 = acc00, acc12 = acc00, acc13 = acc00;
  let at: u32 = 0;
  for (const end = bytes & ~15; at < end; at += 16) {
    const a0 = v128.load(x0 + at);
    const a1 = v128.load(x1 + at);
    let w = v128.load(w0 + at);
    acc00 = f32x4.add(acc00, f32x4.mul(a0, w));
    acc10 = f32x4.add(acc10, f32x4.mul(a1, w));
    w = v128.load(w1 + at);
    acc01 = f32x4.add(acc01, f32x4.mul(a0, w));
    acc11 = f32x4.add(acc11, f32x4.mul(a1, w));
    w = v128.load(w2 + at);
    acc02 = f32x4.add(acc02, f32x4.mul(a0, w));
    acc12 = f32x4.add(acc12, f32x4.mul(a1, w));
    w = v128.load(w3 + at);
    acc03 = f32x4.add(acc03, f32x4.mul(a0, w));
    acc13 = f32x4.add(acc13, f32x4.mul(a1, w));
  }
  v128.store(to0, sumLanes(acc00, acc01, acc02, acc03));
  v128.store(to1, sumLanes(acc10, acc11, acc12, acc13));
  addTail(x0, w0, w1, w2, w3, at, bytes, to0);
  addTail(x1, w0, w1, w2, w3, at, bytes, to1);
}

function multiply1x4(x: u32, w0: u32, w1: u32, w2: u32, w3: u32, bytes: u32, to: u32): void {
  let acc0 = f32x4.splat(0), acc1 = acc0, acc2 = acc0, acc3 = acc0;
  let at: u32 = 0;
  for (const end = bytes & ~15; at < end; at += 16) {
    const a = v128.load(x + at);
    acc0 = f32x4.add(acc0, f32x4.mul(a, v128.load(w0 + at)));
    acc1 = f32x4.add(acc1, f32x4.mul(a, v128.load(w1 + at)));
    acc2 = f32x4.add(acc2, f32x4.mul(a, v128.load(w2 + at)));
    acc3 = f32x4.add(acc3, f32x4.mul(a, v128.load(w3 + at)));
  }
  v128.store(to, sumLanes(acc0, acc1, acc2, acc3));
  addTail(x, w0, w1, w2, w3, at, bytes, to);
}

function multiplyScalar(x: u32, w0: u32, w1: u32, w2: u32, w3: u32, bytes: u32, to: u32): void {
  memory.fill(to, 0, 16);
  addTail(x, w0, w1, w2, w3, 0, bytes, to);
}

/** Add the features from byte `at` on, one by one. */
function addTail(x: u32, w0: u32, w1: u32, w2: u32, w3: u32, at: u32, bytes: u32, to: u32): void {
  let acc0 = load<f32>(to), acc1 = load<f32>(to, 4), acc2 = load<f32>(to, 8), acc3 = load<f32>(to, 12);
  for (; at < bytes; at += 4) {
    const a = load<f32>(x + at);
    acc0 += a * load<f32>(w0 + at);
    acc1 += a * load<f32>(w1 + at);
    acc2 += a * load<f32>(w2 + at);
    acc3 += a * load<f32>(w3 + at);
  }
  store<f32>(to, acc0);
  store<f32>(to, acc1, 4);
  store<f32>(to, acc2, 8);
  store<f32>(to, acc3, 12);
}

/** Sum the lanes of four vectors into one lane each. */
// @ts-ignore: decorator
@inline
function sumLanes(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 1, 4, 5), v128.shuffle<f32>(a, b, 2, 3, 6, 7));
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 1, 4, 5), v128.shuffle<f32>(c, d, 2, 3, 6, 7));
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 2, 4, 6), v128.shuffle<f32>(ab, cd, 1, 3, 5, 7));
}

/**
 * Computes   D[r,o] = sum over i of x[r,i] w[o,i]; then outputValue.
 * Operands   input: f32 [rows, inFeatures]. weights: f32 OI. output: f32 [rows, O], or bits rows[Ow].
 * Tile       2 rows x 4 filters: 8 accumulators, 11 live v128 of x86's 15. An odd last row runs alone.
 * Requires   scratch as drawn; 16 bytes of over-read.
 * Bounds     f32 sums, four partial ones: relative error <= (inFeatures / 4 + 4) * 2^-24 of sum |w x|.
 * See        conv2d_f32_direct_2x16 for many pixels; here weights are read once per two rows.
 */
export function dense_f32_dot_2x4(params: usize, part: u32, parts: u32): void {
  connect(params, part, parts);
}

/**
 * Computes   the same y, then one bit an output: (y < threshold) != flip.
 * Operands   as above; output: bits rows[Ow].
 * Tile       as above.
 * Requires   as above, and thresholds.
 * Bounds     as above.
 * See        dense_f32_dot_2x4.
 */
export function dense_f32f32b1_dot_2x4(params: usize, part: u32, parts: u32): void {
  connect(params, part, parts);
}
