// Winograd convolution F(2x2, 3x3): 16 products give four outputs of a channel, where the plain sum has 36. Tiles of 4 x 4 inputs,
// two apart, are transformed; for each of the 16 positions a matrix product runs over the channels; the results are transformed back.
//
// Work is shared by units: a block of tiles x 32 filters. Scratch of a thread, T = tiles of a block (tilePixels / 4), I = inChannels:
//   OutputTile (64) | tiles: u32[T] | V: [16][T x I f32 + 64 bytes] | M: [16][F][T] + 64 bytes each | dots: f32[F][2][2 T]
//   | strip: the block's input rows of one channel with their padding                                  F = 16
//   V of a position: panels of 8 tiles, f32[I][8]; the last one may have 4
import { multiplyPairOfQuads, multiplyQuad } from "../../gemm/f32-quads";
import { Comparison } from "../../output/comparison";
import { OutputTile, TILE_BYTES } from "../../output/tile";
import { writeTile } from "../../output/write";
import { Conv2dParams } from "./params";
import { transformInputs, transformProducts } from "./winograd-tiles";
import { POSITIONS } from "./winograd-weights";

/** Filters at once; divides the 32 of a unit. Mirrored by src/ops/real-weights.ts. */
const FILTERS: u32 = 16;

/** Keeps the 16 positions from meeting in one set of the cache. */
const SKEW_BYTES: u32 = 64;

/** Multiply and write this part of the layer. */
function convolve(params: usize, part: u32, parts: u32): void {
  const p = changetype<Conv2dParams>(params);
  const tilesAcross = (p.outWidth + 1) >> 1;
  const tiles = tilesAcross * ((p.outHeight + 1) >> 1);
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
    if (block != known) transformBlock(p, thread, n, first, count, tilesAcross);
    known = block;
    const filter = (unit % words) << 5;
    if (p.thresholdsPtr) clearWords(p, n, first, count, tilesAcross, filter);
    for (let f = filter, last = min(filter + 32, p.outChannels); f < last; f += FILTERS) {
      const filters = min(FILTERS, last - f);
      multiplyBlock(p, thread, f, filters, count);
      writeBlock(p, thread, n, first, count, tilesAcross, f, filters);
    }
  }
}

// @ts-ignore: decorator
@inline
function transformedAt(p: Conv2dParams, thread: u32): u32 {
  return thread + TILE_BYTES + p.tilePixels;
}

// @ts-ignore: decorator
@inline
function productsAt(p: Conv2dParams, thread: u32): u32 {
  return transformedAt(p, thread) + POSITIONS * (p.tilePixels * p.inChannels + SKEW_BYTES);
}

// @ts-ignore: decorator
@inline
function dotsAt(p: Conv2dParams, thread: u32): u32 {
  return productsAt(p, thread) + POSITIONS * (p.tilePixels * FILTERS + SKEW_BYTES);
}

// @ts-ignore: decorator
@inline
function stripAt(p: Conv2dParams, thread: u32): u32 {
  return dotsAt(p, thread) + (p.tilePixels << 2) * FILTERS;
}

/** Bytes of V from position to position; of T tiles' floats of every channel. */
// @ts-ignore: decorator
@inline
function positionBytes(p: Conv2dParams, quads: u32): u32 {
  return quads * (p.inChannels << 4) + SKEW_BYTES;
}

/** Make V of a block of tiles. */
function transformBlock(p: Conv2dParams, thread: u32, n: u32, first: u32, count: u32, tilesAcross: u32): void {
  const strip = stripAt(p, thread);
  const rowBytes = (tilesAcross + 1) << 3;
  const firstRow = first / tilesAcross;
  const rows = (((first + count - 1) / tilesAcross - firstRow) << 1) + 4;
  const places = thread + TILE_BYTES;
  const quads = (count + 3) >> 2;
  for (let i: u32 = 0; i < quads << 2; i++) {
    const tile = min(first + i, first + count - 1);
    const row = tile / tilesAcross;
    store<u32>(places + (i << 2), strip + ((row - firstRow) << 1) * rowBytes + ((tile - row * tilesAcross) << 3));
  }
  memory.fill(strip, 0, rows * rowBytes);
  // Rows of the strip that lie in the image.
  const top = ((firstRow << 1) as i32) - (p.padTop as i32);
  const from = max(0, -top);
  const end = min<i32>(rows, (p.inHeight as i32) - top);
  const planeBytes = (p.inHeight * p.inWidth) << 2;
  const rowStep = p.inWidth << 2;
  const step = positionBytes(p, quads);
  const to = transformedAt(p, thread);
  const paired = quads & ~1;
  let plane = p.inputPtr + n * p.inChannels * planeBytes + (top + from) * rowStep;
  for (let c: u32 = 0; c < p.inChannels; c++, plane += planeBytes) {
    let source = plane;
    let target = strip + from * rowBytes + (p.padLeft << 2);
    for (let row = from; row < end; row++, source += rowStep, target += rowBytes) copyFloats(source, target, rowStep);
    let place = places;
    let quad: u32 = 0;
    for (; quad < paired; quad += 2, place += 32) {
      const panel = to + (quad * p.inChannels << 4) + (c << 5);
      transformPlaces(place, rowBytes, panel, step);
      transformPlaces(place + 16, rowBytes, panel + 16, step);
    }
    if (quad < quads) transformPlaces(place, rowBytes, to + (quad * p.inChannels << 4) + (c << 4), step);
  }
}

// @ts-ignore: decorator
@inline
function transformPlaces(place: u32, rowBytes: u32, to: u32, step: u32): void {
  transformInputs(load<u32>(place), load<u32>(place, 4), load<u32>(place, 8), load<u32>(place, 12), rowBytes, to, step);
}

// @ts-ignore: decorator
@inline
function copyFloats(from: u32, to: u32, bytes: u32): void {
  const end = from + bytes;
  for (; from + 16 <= end; from += 16, to += 16) v128.store(to, v128.load(from));
  for (; from < end; from += 4, to += 4) store<f32>(to, load<f32>(from));
}

/** Make M of a block of tiles and filters, and from it the dots. */
function multiplyBlock(p: Conv2dParams, thread: u32, filter: u32, filters: u32, count: u32): void {
  const channels = p.inChannels;
  const quads = (count + 3) >> 2;
  const rowBytes = p.tilePixels;
  const step = rowBytes * FILTERS + SKEW_BYTES;
  const fours = (filters + 3) >> 2;
  const weightBytes = channels << 4;
  let weights = p.lutPtr + (filter >> 2) * POSITIONS * weightBytes;
  let to = productsAt(p, thread);
  let x = transformedAt(p, thread);
  for (let i: u32 = 0; i < POSITIONS; i++, weights += weightBytes, to += step, x += positionBytes(p, quads)) {
    let quad: u32 = 0;
    for (; quad + 2 <= quads; quad += 2) {
      for (let four: u32 = 0; four < fours; four++) {
        const out = to + (four << 2) * rowBytes + (quad << 4);
        multiplyPairOfQuads(x + (quad * channels << 4), weights + four * POSITIONS * weightBytes, channels, out, rowBytes);
      }
    }
    if (quad == quads) continue;
    for (let four: u32 = 0; four < fours; four++) {
      const out = to + (four << 2) * rowBytes + (quad << 4);
      multiplyQuad(x + (quad * channels << 4), weights + four * POSITIONS * weightBytes, channels, out, rowBytes);
    }
  }
  const lineBytes = rowBytes << 1;
  let products = productsAt(p, thread);
  let dots = dotsAt(p, thread);
  for (let f: u32 = 0; f < filters; f++, products += rowBytes, dots += 2 * lineBytes) {
    for (let quad: u32 = 0; quad < quads; quad++) {
      const line = dots + (quad << 5);
      transformProducts(products + (quad << 4), step, line, line + lineBytes);
    }
  }
}

/** Hand the dots to the output stage, one run of neighbouring pixels after the other. */
function writeBlock(p: Conv2dParams, thread: u32, n: u32, first: u32, count: u32, tilesAcross: u32, filter: u32, filters: u32): void {
  const outPixels = p.outHeight * p.outWidth;
  const lineBytes = p.tilePixels << 1;
  const wordBytes = ((p.outChannels + 31) >> 5) << 2;
  const tile = changetype<OutputTile>(thread);
  tile.dotBytes = 2 * lineBytes;
  tile.sumsPtr = 0;
  tile.firstFilter = filter;
  tile.filters = filters;
  tile.filterBytes = outPixels << 2;
  tile.pixelBytes = p.thresholdsPtr ? wordBytes : 4;
  let row = first / tilesAcross;
  let across = first - row * tilesAcross;
  for (let i: u32 = 0; i < count; row++, across = 0) {
    const run = min(tilesAcross - across, count - i);
    const x = across << 1;
    tile.pixels = min(run << 1, p.outWidth - x);
    for (let line: u32 = 0; line < 2; line++) {
      const y = (row << 1) + line;
      if (y == p.outHeight) break;
      const pixel = n * outPixels + y * p.outWidth + x;
      tile.dotsPtr = dotsAt(p, thread) + line * lineBytes + (i << 3);
      tile.scalesPtr = p.scalePtr ? p.scalePtr + (pixel << 2) : 0;
      if (p.thresholdsPtr) tile.outPtr = p.outputPtr + pixel * wordBytes;
      else tile.outPtr = p.outputPtr + (((n * (p.outChannels - 1) + filter) * outPixels + pixel) << 2);
      writeTile(p, tile, Comparison.VALUES);
    }
    i += run;
  }
}

/** Clear the word of 32 filters at every pixel of a block. */
function clearWords(p: Conv2dParams, n: u32, first: u32, count: u32, tilesAcross: u32, filter: u32): void {
  const wordBytes = ((p.outChannels + 31) >> 5) << 2;
  const image = p.outputPtr + n * p.outHeight * p.outWidth * wordBytes + ((filter >> 5) << 2);
  for (let tile = first; tile < first + count; tile++) {
    const y = (tile / tilesAcross) << 1;
    const x = (tile % tilesAcross) << 1;
    for (let row = y; row < min(y + 2, p.outHeight); row++) {
      for (let column = x; column < min(x + 2, p.outWidth); column++) store<u32>(image + (row * p.outWidth + column) * wordBytes, 0);
    }
  }
}

/**
 * Computes   y[n,o,y,x] = sum over taps and channels of input * weight, zeros outside the image; then outputValue. As A' M A with
 *            M = sum over channels of (G w G') (B' d B), tile by tile of 2 x 2 outputs.
 * Operands   input: f32 NCHW. table: as conv2d_setup_winograd made it. output: f32 NCHW, or bits NHW[Cw].
 * Tile       4 filters x 8 tiles, 8 accumulators, 11 live v128; see gemm/f32-quads.ts.
 * Requires   a 3 x 3 window, stride and dilation 1, one group; tilePixels a multiple of 16; scratch as drawn; 16 bytes of over-read.
 * Bounds     error <= (I + 12) * 2^-24 * 64 of sum over channels of max |w| max |x| of a tile; exact for small whole numbers.
 * See        Lavin and Gray, arXiv:1509.09308; docs/performance.md.
 */
export function conv2d_f32_winograd_4x8(params: usize, part: u32, parts: u32): void {
  convolve(params, part, parts);
}

/**
 * Computes   the same y, then one bit an output: (y < threshold) != flip.
 * Operands   as above; output: bits NHW[Cw].
 * Tile       as above.
 * Requires   as above, and thresholds.
 * Bounds     as above.
 * See        conv2d_f32_winograd_4x8.
 */
export function conv2d_f32f32b1_winograd_4x8(params: usize, part: u32, parts: u32): void {
  convolve(params, part, parts);
}
