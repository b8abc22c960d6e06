// Convolution of inputs on the int8 grid with real weights as i16, for few input channels: lines of output pixels, 32 filters at a
// time. Meant for first layers.
//
// Scratch of a thread: OutputTile (64) | dots: f32[32][outWidth rounded up to 4]; and what pairs-rows.ts packed for all.
import { multiplyPairs } from "../../gemm/pairs";
import { Comparison } from "../../output/comparison";
import { OutputTile, TILE_BYTES } from "../../output/tile";
import { writeTile } from "../../output/write";
import { firstRow, rowBytesOf, rowsOf } from "./pairs-rows";
import { FILTERS, pairsOf, roundFilters } from "./pairs-weights";
import { Conv2dParams } from "./params";

/** Filters whose dots are kept until they are written: a word of bits. */
const LINE_FILTERS: u32 = 32;

function convolve(params: usize, part: u32, parts: u32): void {
  const p = changetype<Conv2dParams>(params);
  const outPixels = p.outHeight * p.outWidth;
  const wordBytes = ((p.outChannels + 31) >> 5) << 2;
  const thread = p.threadPtr + part * p.threadBytes;
  const tile = changetype<OutputTile>(thread);
  tile.dotsPtr = thread + TILE_BYTES;
  tile.dotBytes = ((p.outWidth + 3) & ~3) << 2;
  tile.sumsPtr = 0;
  tile.pixels = p.outWidth;
  tile.filterBytes = outPixels << 2;
  tile.pixelBytes = p.thresholdsPtr ? wordBytes : 4;
  const lines = (p.batch * p.outHeight) as u64;
  const end = ((lines * (part + 1)) / parts) as u32;
  for (let line = ((lines * part) / parts) as u32; line < end; line++) {
    const n = line / p.outHeight;
    const y = line - n * p.outHeight;
    const pixel = line * p.outWidth;
    const rows = firstRow(p) + (n * rowsOf(p) + y * p.strideH) * rowBytesOf(p);
    tile.scalesPtr = p.scalePtr ? p.scalePtr + (pixel << 2) : 0;
    if (p.thresholdsPtr) memory.fill(p.outputPtr + pixel * wordBytes, 0, p.outWidth * wordBytes);
    for (let f: u32 = 0; f < p.outChannels; f += LINE_FILTERS) {
      const filters = min(LINE_FILTERS, p.outChannels - f);
      multiplyLine(p, rows, f, filters, load<f32>(p.scratchPtr + (n << 2)), tile.dotsPtr, tile.dotBytes);
      tile.firstFilter = f;
      tile.filters = filters;
      if (p.thresholdsPtr) tile.outPtr = p.outputPtr + pixel * wordBytes;
      else tile.outPtr = p.outputPtr + (((n * (p.outChannels - 1) + f) * outPixels + pixel) << 2);
      writeTile(p, tile, Comparison.VALUES);
    }
  }
}

/** Compute the dots of a line of output pixels. */
function multiplyLine(p: Conv2dParams, rows: u32, filter: u32, filters: u32, scale: f32, dots: u32, dotBytes: u32): void {
  const pairs = pairsOf(p);
  const groupBytes = p.kernelH * pairs * (FILTERS << 2);
  const stepBytes = (p.strideW * p.inChannels) << 1;
  const rowBytes = rowBytesOf(p) * p.dilationH;
  for (let i: u32 = 0; i < filters; i += FILTERS, dots += FILTERS * dotBytes) {
    const factors = p.lutPtr + ((filter + i) << 2);
    const weights = p.lutPtr + (roundFilters(p.outChannels) << 2) + ((filter + i) / FILTERS) * groupBytes;
    for (let at: u32 = 0, x = rows; at < dotBytes; at += 16, x += 4 * stepBytes) {
      multiplyPairs(x, stepBytes, rowBytes, weights, p.kernelH, pairs, factors, scale, dots + at, dotBytes);
    }
  }
}

/**
 * Computes   D = scale * sum over taps and channels of v * w, with v on the int8 grid and the image's scale (pack/quantize.ts), zeros
 *            outside the image; then outputValue. Weights are those of conv2d_setup_pairs, the sums are exact.
 * Operands   rows and table as drawn in pairs-rows.ts and pairs-weights.ts. output: f32 NCHW, or bits NHW[Cw].
 * Tile       4 pixels x 8 filters x 2 values, 8 accumulators, 12 live v128; see gemm/pairs.ts.
 * Requires   one group, dilationW 1; conv2d_setup_pairs once, conv2d_pack_pairs in every run; scratch as drawn.
 * Bounds     i32 sums: X M depth < 2^31. Off by 0.5 max |w| / M * sum |x| at most; see conv2d_setup_pairs for X and M.
 * See        gemm/pairs.ts; docs/binary-math.md.
 */
export function conv2d_i8f32f32_pairs_4x8(params: usize, part: u32, parts: u32): void {
  convolve(params, part, parts);
}

/**
 * Computes   the same y, then one bit an output: (y < threshold) != flip.
 * Operands   as above; output: bits NHW[Cw].
 * Tile       as above.
 * Requires   as above, and thresholds.
 * Bounds     as above.
 * See        conv2d_i8f32f32_pairs_4x8.
 */
export function conv2d_i8f32b1_pairs_4x8(params: usize, part: u32, parts: u32): void {
  convolve(params, part, parts);
}
