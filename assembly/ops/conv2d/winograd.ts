// Winograd convolution: tiles of P x P inputs, M apart, are transformed; for each of the P * P positions a matrix product runs over the
// channels; the results are transformed back to M x M outputs. M = P + 1 - R for windows of R x R taps at stride 1.
//   P = 4  3 x 3 windows at stride 1: 16 products for four outputs instead of 36 (winograd4-tiles.ts)
//   P = 7  K x K windows at stride S: the S x S phases of a channel (winograd-rows.ts) count as channels, R = ceil(K / S) is 3 to 5
//          (winograd7-tiles.ts). 7 x 7 at stride 2: 196 products for 16 outputs instead of 784
//
// Work is shared by units: a block of tiles x 32 filters. Scratch of a thread, T = tiles of a block (tilePixels / 4), I = channels x phases:
//   OutputTile (64) | tiles: u32[T] | V: [P * P][T x I f32 + 64 bytes] | products: [P * P][F][T] + 64 bytes each | dots: f32[F][M][M T + 4]
//   | between: 560 bytes | rows of a channel's phase with their padding | lines: those rows transformed           F = 16
//   V of a position: panels of 8 tiles, f32[I][8]; the last one may have 4. At positions of infinity only phases with all R taps count
import { multiplyPairOfQuads, multiplyQuad } from "../../gemm/f32-quads";
import { Comparison } from "../../output/comparison";
import { OutputTile, TILE_BYTES } from "../../output/tile";
import { writeTile } from "../../output/write";
import { Conv2dParams } from "./params";
import { copyPhase, countDepth, countEdgeDepth, countPhases, countWhole } from "./winograd-rows";
import * as four from "./winograd4-tiles";
import * as seven from "./winograd7-tiles";

/** Filters at once; divides the 32 of a unit. Mirrored by src/ops/real-weights.ts. */
const FILTERS: u32 = 16;

/** Keeps the positions from meeting in one set of the cache. */
const SKEW_BYTES: u32 = 64;

/** Multiply and write this part of the layer. */
// @ts-ignore: decorator
@inline
function convolve(params: usize, part: u32, parts: u32, points: u32): void {
  const p = changetype<Conv2dParams>(params);
  const outputs = countOutputs(p, points);
  const tilesAcross = (p.outWidth + outputs - 1) / outputs;
  const tiles = tilesAcross * ((p.outHeight + outputs - 1) / outputs);
  const most = p.tilePixels >> 2;
  const blocks = (tiles + most - 1) / most;
  const words = (p.outChannels + 31) >> 5;
  const units = (p.batch * blocks * words) as u64;
  const thread = p.threadPtr + part * p.threadBytes;
  const end = ((units * (part + 1)) / parts) as u32;
  let known = u32.MAX_VALUE;
  for (let unit = ((units * part) / parts) as u32; unit < end; unit++) {
    const block = unit / words;
    const n = block / blocks;
    const first = (block % blocks) * most;
    const count = min(most, tiles - first);
    if (block != known) transformBlock(p, thread, n, first, count, tilesAcross, points);
    known = block;
    const filter = (unit % words) << 5;
    if (p.thresholdsPtr) clearWords(p, n, first, count, tilesAcross, filter, outputs);
    for (let f = filter, last = min(filter + 32, p.outChannels); f < last; f += FILTERS) {
      const filters = min(FILTERS, last - f);
      multiplyBlock(p, thread, f, filters, count, points);
      writeBlock(p, thread, n, first, count, tilesAcross, f, filters, points);
    }
  }
}

/** M: outputs of a tile, down as across. */
// @ts-ignore: decorator
@inline
function countOutputs(p: Conv2dParams, points: u32): u32 {
  return points + 1 - (p.kernelH + p.strideH - 1) / p.strideH;
}

// @ts-ignore: decorator
@inline
function transformedAt(p: Conv2dParams, thread: u32): u32 {
  return thread + TILE_BYTES + p.tilePixels;
}

// @ts-ignore: decorator
@inline
function productsAt(p: Conv2dParams, thread: u32, points: u32): u32 {
  return transformedAt(p, thread) + points * points * (p.tilePixels * countDepth(p) + SKEW_BYTES);
}

// @ts-ignore: decorator
@inline
function dotsAt(p: Conv2dParams, thread: u32, points: u32): u32 {
  return productsAt(p, thread, points) + points * points * (p.tilePixels * FILTERS + SKEW_BYTES);
}

/** Bytes of the outputs of a block's tiles in one line, and what the last vector writes past them. */
// @ts-ignore: decorator
@inline
function lineBytesOf(p: Conv2dParams, outputs: u32): u32 {
  return p.tilePixels * outputs + 16;
}

// @ts-ignore: decorator
@inline
function betweenAt(p: Conv2dParams, thread: u32, points: u32): u32 {
  const outputs = countOutputs(p, points);
  return dotsAt(p, thread, points) + FILTERS * outputs * lineBytesOf(p, outputs);
}

/** Bytes of V from position to position. */
// @ts-ignore: decorator
@inline
function positionBytes(depth: u32, quads: u32): u32 {
  return quads * (depth << 4) + SKEW_BYTES;
}

/** Make V of a block of tiles. */
function transformBlock(p: Conv2dParams, thread: u32, n: u32, first: u32, count: u32, tilesAcross: u32, points: u32): void {
  const outputs = countOutputs(p, points);
  const firstRow = first / tilesAcross;
  const tileRows = (first + count - 1) / tilesAcross - firstRow + 1;
  const rows = (tileRows - 1) * outputs + points;
  const rowBytes = ((tilesAcross * outputs + points + 3) << 2) & ~15;
  const strip = betweenAt(p, thread, points) + seven.BETWEEN_BYTES;
  const lines = strip + rows * rowBytes;
  const places = thread + TILE_BYTES;
  const quads = (count + 3) >> 2;
  for (let i: u32 = 0; i < quads << 2; i++) {
    const tile = min(first + i, first + count - 1);
    const row = tile / tilesAcross;
    store<u32>(places + (i << 2), lines + (row - firstRow) * points * rowBytes + (((tile - row * tilesAcross) * outputs) << 2));
  }
  const channels = p.inChannels;
  const phases = countPhases(p);
  const whole = countWhole(p);
  const depth = countDepth(p);
  const edge = countEdgeDepth(p);
  const step = positionBytes(depth, quads);
  const planeBytes = (p.inHeight * p.inWidth) << 2;
  const to = transformedAt(p, thread);
  // The record of the tile, which is filled in again before it is read.
  const nowhere = thread;
  let plane = p.inputPtr + n * channels * planeBytes;
  for (let c: u32 = 0; c < channels; c++, plane += planeBytes) {
    for (let phase: u32 = 0; phase < phases * phases; phase++) {
      const y = phase / phases;
      const x = phase - y * phases;
      copyPhase(p, plane, y, x, firstRow * outputs, rows, strip, rowBytes);
      if (points == 4) four.transformRows(strip, rowBytes, tileRows, lines);
      else seven.transformRows(strip, rowBytes, outputs, tileRows, lines);
      const down = phase * channels + c;
      const across = (x * phases + y) * channels + c;
      let place = places;
      for (let quad: u32 = 0; quad < quads; quad++, place += 16) {
        const t0 = load<u32>(place), t1 = load<u32>(place, 4), t2 = load<u32>(place, 8), t3 = load<u32>(place, 12);
        const inner = panelAt(to, quad, quads, depth, down);
        if (points == 4) {
          four.transformColumns(t0, t1, t2, t3, rowBytes, inner, step);
          continue;
        }
        const bottom = y < whole ? panelAt(to + 42 * step, quad, quads, edge, down) : nowhere;
        const right = x < whole ? panelAt(to + 6 * step, quad, quads, edge, across) : nowhere;
        const bottomStep = y < whole ? step : 0;
        const rightStep = x < whole ? 7 * step : 0;
        seven.transformColumns(t0, t1, t2, t3, rowBytes, inner, step, bottom, bottomStep, right, rightStep);
      }
    }
  }
}

/** Where four tiles' floats of one input go: panels of eight tiles, of four at the end. */
// @ts-ignore: decorator
@inline
function panelAt(to: u32, quad: u32, quads: u32, depth: u32, d: u32): u32 {
  const paired = quad < (quads & ~1);
  return to + ((quad & ~1) * depth << 4) + (paired ? (d << 5) + ((quad & 1) << 4) : d << 4);
}

/** Make the products of a block of tiles and filters, and from them the dots. */
function multiplyBlock(p: Conv2dParams, thread: u32, filter: u32, filters: u32, count: u32, points: u32): void {
  const inner = countDepth(p);
  const positions = points * points;
  const quads = (count + 3) >> 2;
  const rowBytes = p.tilePixels;
  const step = rowBytes * FILTERS + SKEW_BYTES;
  const fours = (filters + 3) >> 2;
  const weightBytes = inner << 4;
  const fourBytes = positions * weightBytes;
  let weights = p.lutPtr + (filter >> 2) * fourBytes;
  let products = productsAt(p, thread, points);
  let x = transformedAt(p, thread);
  for (let i: u32 = 0, to = products; i < positions; i++, weights += weightBytes, to += step, x += positionBytes(inner, quads)) {
    const isEdge = i >= positions - points || i % points == points - 1;
    const depth = isEdge ? countEdgeDepth(p) : inner;
    let quad: u32 = 0;
    for (; quad + 2 <= quads; quad += 2) {
      multiplyPairOfQuads(x + (quad * depth << 4), weights, depth, fours, fourBytes, to + (quad << 4), rowBytes);
    }
    if (quad < quads) multiplyQuad(x + (quad * depth << 4), weights, depth, fours, fourBytes, to + (quad << 4), rowBytes);
  }
  const outputs = countOutputs(p, points);
  const lineBytes = lineBytesOf(p, outputs);
  const between = betweenAt(p, thread, points);
  let dots = dotsAt(p, thread, points);
  for (let f: u32 = 0; f < filters; f++, products += rowBytes, dots += outputs * lineBytes) {
    if (points == 4) four.transformProducts(products, step, quads, dots, lineBytes);
    else seven.transformProducts(products, step, outputs, quads, between, dots, lineBytes);
  }
}

/** Hand the dots to the output stage, one run of neighbouring pixels after the other. */
function writeBlock(p: Conv2dParams, thread: u32, n: u32, first: u32, count: u32, tilesAcross: u32, filter: u32, filters: u32, points: u32): void {
  const outputs = countOutputs(p, points);
  const outPixels = p.outHeight * p.outWidth;
  const lineBytes = lineBytesOf(p, outputs);
  const wordBytes = ((p.outChannels + 31) >> 5) << 2;
  const tile = changetype<OutputTile>(thread);
  tile.dotBytes = outputs * lineBytes;
  tile.sumsPtr = 0;
  tile.firstFilter = filter;
  tile.filters = filters;
  tile.filterBytes = outPixels << 2;
  tile.pixelBytes = p.thresholdsPtr ? wordBytes : 4;
  let row = first / tilesAcross;
  let across = first - row * tilesAcross;
  for (let i: u32 = 0; i < count; row++, across = 0) {
    const run = min(tilesAcross - across, count - i);
    const x = across * outputs;
    tile.pixels = min(run * outputs, p.outWidth - x);
    for (let line: u32 = 0; line < outputs; line++) {
      const y = row * outputs + line;
      if (y == p.outHeight) break;
      const pixel = n * outPixels + y * p.outWidth + x;
      tile.dotsPtr = dotsAt(p, thread, points) + line * lineBytes + ((i * outputs) << 2);
      tile.scalesPtr = p.scalePtr ? p.scalePtr + (pixel << 2) : 0;
      if (p.thresholdsPtr) tile.outPtr = p.outputPtr + pixel * wordBytes;
      else tile.outPtr = p.outputPtr + (((n * (p.outChannels - 1) + filter) * outPixels + pixel) << 2);
      writeTile(p, tile, Comparison.VALUES);
    }
    i += run;
  }
}

/** Clear the word of 32 filters at every pixel of a block. */
function clearWords(p: Conv2dParams, n: u32, first: u32, count: u32, tilesAcross: u32, filter: u32, outputs: u32): void {
  const wordBytes = ((p.outChannels + 31) >> 5) << 2;
  const image = p.outputPtr + n * p.outHeight * p.outWidth * wordBytes + ((filter >> 5) << 2);
  for (let tile = first; tile < first + count; tile++) {
    const y = (tile / tilesAcross) * outputs;
    const x = (tile % tilesAcross) * outputs;
    for (let row = y; row < min(y + outputs, p.outHeight); row++) {
      for (let column = x; column < min(x + outputs, p.outWidth); column++) store<u32>(image + (row * p.outWidth + column) * wordBytes, 0);
    }
  }
}

/**
 * Computes   y[n,o,y,x] = sum over taps and channels of input * weight, zeros outside the image; then outputValue. As A' M A with
 *            M = sum over channels of (G w G') (B' d B), tile by tile of 2 x 2 outputs.
 * Operands   input: f32 NCHW. table: as conv2d_setup_winograd4 made it. output: f32 NCHW, or bits NHW[Cw].
 * Tile       4 filters x 8 tiles, 8 accumulators, 11 live v128; see gemm/f32-quads.ts.
 * Requires   a 3 x 3 window, stride and dilation 1, one group; tilePixels a multiple of 16; scratch as drawn; 16 bytes of over-read.
 * Bounds     error <= (I + 12) * 2^-24 * 64 of sum over channels of max |w| max |x| of a tile; exact for small whole numbers.
 * See        Lavin and Gray, arXiv:1509.09308; docs/performance.md.
 */
export function conv2d_f32_winograd4_4x8(params: usize, part: u32, parts: u32): void {
  convolve(params, part, parts, 4);
}

/**
 * Computes   the same y, then one bit an output: (y < threshold) != flip.
 * Operands   as above; output: bits NHW[Cw].
 * Tile       as above.
 * Requires   as above, and thresholds.
 * Bounds     as above.
 * See        conv2d_f32_winograd4_4x8.
 */
export function conv2d_f32f32b1_winograd4_4x8(params: usize, part: u32, parts: u32): void {
  convolve(params, part, parts, 4);
}

/**
 * Computes   the same y, from the phases of the input, tile by tile of M x M outputs, M from 3 to 5.
 * Operands   input: f32 NCHW. table: as conv2d_setup_winograd7 made it. output: f32 NCHW, or bits NHW[Cw].
 * Tile       4 filters x 8 tiles, 8 accumulators, 11 live v128; see gemm/f32-quads.ts.
 * Requires   a square window of 3 to 5 taps a phase, stride the same down as across, dilation 1, one group; tilePixels a multiple of 16;
 *            scratch as drawn; 16 bytes of over-read.
 * Bounds     error <= (I + 24) * 2^-24 * 512 of sum over channels of max |w| max |x| of a tile; measured: four times that of the plain sum.
 * See        Lavin and Gray, arXiv:1509.09308; docs/performance.md.
 */
export function conv2d_f32_winograd7_4x8(params: usize, part: u32, parts: u32): void {
  convolve(params, part, parts, 7);
}

/**
 * Computes   the same y, then one bit an output: (y < threshold) != flip.
 * Operands   as above; output: bits NHW[Cw].
 * Tile       as above.
 * Requires   as above, and thresholds.
 * Bounds     as above.
 * See        conv2d_f32_winograd7_4x8.
 */
export function conv2d_f32f32b1_winograd7_4x8(params: usize, part: u32, parts: u32): void {
  convolve(params, part, parts, 7);
}
