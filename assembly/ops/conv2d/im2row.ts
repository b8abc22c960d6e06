// Convolution of binary inputs with binary weights: windows are packed into rows of words, a tile of pixels at a
// time, and multiplied with the filters by xor and popcount.
//
// Scratch, P = tilePixels (multiple of 4), rowBytes = 16 ceil(kernelH kernelW Iw / 4):
//   OutputTile (64) | valid: i32[P] | sums: f32[P] | corners: 16 bytes x P | dots: i32[32][P] | rows: P x rowBytes | 16
import { countDifferences, countOnes } from "../../gemm/popcount";
import { dotsFromCounts } from "../../gemm/dots";
import { Comparison, comparisonOf } from "../../output/comparison";
import { OutputTile, TILE_BYTES } from "../../output/tile";
import { writeTile } from "../../output/write";
import { endTap, firstTap, packRow } from "../../pack/rows";
import { shareStart } from "../../share";
import { Conv2dParams } from "./params";

/** Filters per call of the product: their dots (32 P i32) and weights stay in L1, and their bits fill one word. */
const FILTER_BLOCK: u32 = 32;

/** Compute a share of a layer's tiles. */
function convolve(params: usize, part: u32, parts: u32, toBits: bool): void {
  const p = changetype<Conv2dParams>(params);
  const inPerGroup = p.inChannels / p.groups;
  const filters = p.outChannels / p.groups;
  const weightBytes: u32 = (p.kernelH * p.kernelW * ((inPerGroup + 31) >> 5)) << 2;
  const rowBytes = (weightBytes + 15) & ~15;
  const inBytes: u32 = (p.inHeight * p.inWidth * ((p.inChannels + 31) >> 5)) << 2;
  const outPixels = p.outHeight * p.outWidth;
  const outWordBytes: u32 = ((p.outChannels + 31) >> 5) << 2;
  const tileBytes: u32 = p.tilePixels << 2;
  const scratch: u32 = p.scratchPtr + part * p.threadBytes;
  const valid = scratch + TILE_BYTES;
  const sums = valid + tileBytes;
  const corners = sums + tileBytes;
  const dots = corners + (tileBytes << 2);
  const rows = dots + FILTER_BLOCK * tileBytes;
  const comparison = comparisonOf(p, p.scalePtr);

  const tile = changetype<OutputTile>(scratch);
  tile.dotsPtr = dots;
  tile.dotBytes = tileBytes;
  tile.sumsPtr = sums;
  tile.filterBytes = outPixels << 2;
  tile.pixelBytes = toBits ? (outWordBytes as u32) : 4;

  const tilesPerImage = (outPixels + p.tilePixels - 1) / p.tilePixels;
  const tiles = p.batch * tilesPerImage;
  const end = shareStart(tiles, 1, part + 1, parts);
  for (let at = shareStart(tiles, 1, part, parts); at < end; at++) {
    const n = at / tilesPerImage;
    const image: u32 = p.inputPtr + n * inBytes;
    const first = (at - n * tilesPerImage) * p.tilePixels;
    const pixels = min(p.tilePixels, outPixels - first);
    const pixel = n * outPixels + first;
    tile.pixels = pixels;
    tile.scalesPtr = p.scalePtr ? p.scalePtr + (pixel << 2) : 0;
    if (toBits) memory.fill(p.outputPtr + pixel * outWordBytes, 0, pixels * outWordBytes);
    for (let g: u32 = 0; g < p.groups; g++) {
      const hasBorder = packTile(p, image, g * inPerGroup, first, pixels, rows, rowBytes, valid, corners);
      if (p.betaPtr) sumRows(rows, rowBytes, pixels, valid, sums);
      for (let f: u32 = 0; f < filters; f += FILTER_BLOCK) {
        const block = min(FILTER_BLOCK, filters - f);
        const channel = g * filters + f;
        countDifferences(rows, rowBytes, pixels, p.weightsPtr + channel * weightBytes, weightBytes, block, dots, tileBytes);
        if (hasBorder) correctBorder(p, dots, tileBytes, channel, block, pixels, corners);
        dotsFromCounts(dots, tileBytes, block, pixels, valid, comparison != Comparison.DOTS);
        tile.firstFilter = channel;
        tile.filters = block;
        tile.outPtr = toBits ? p.outputPtr + ((pixel * outWordBytes) as u32) : p.outputPtr + (((n * p.outChannels + channel) * outPixels + first) << 2);
        writeTile(p, tile, comparison);
      }
    }
  }
}

/**
 * Pack the windows of `pixels` output pixels from `first` on, note how many products of each count, and where in
 * the tap counts the corners of its inner taps are (0: no padding under it). Returns whether any pixel needs a correction.
 */
function packTile(
  p: Conv2dParams, image: u32, firstChannel: u32, first: u32, pixels: u32, rows: u32, rowBytes: u32, valid: u32, corners: u32,
): bool {
  const run = p.inChannels / p.groups;
  const lineBytes = ((p.kernelW + 1) * p.outChannels) << 2;
  let hasBorder = false;
  let y = first / p.outWidth;
  let x = first - y * p.outWidth;
  for (let i: u32 = 0; i < pixels; i++) {
    const startY = (y * p.strideH - p.padTop) as i32;
    const startX = (x * p.strideW - p.padLeft) as i32;
    const ky0 = firstTap(startY, p.dilationH, p.kernelH);
    const kx0 = firstTap(startX, p.dilationW, p.kernelW);
    const ky1 = max(ky0, endTap(startY, p.inHeight, p.dilationH, p.kernelH));
    const kx1 = max(kx0, endTap(startX, p.inWidth, p.dilationW, p.kernelW));
    packRow(p, rows + i * rowBytes, rowBytes, image, firstChannel, startY, startX, ky0, ky1, kx0, kx1);
    const taps = p.kernelH * p.kernelW;
    const inner = p.padValue == 0 ? (ky1 - ky0) * (kx1 - kx0) : taps;
    store<u32>(valid + (i << 2), inner * run);
    const corner = corners + (i << 4);
    if (inner < taps) {
      hasBorder = true;
      const top = p.lutPtr + ky0 * lineBytes;
      const bottom = p.lutPtr + ky1 * lineBytes;
      const left = (kx0 * p.outChannels) << 2;
      const right = (kx1 * p.outChannels) << 2;
      store<u32>(corner, top + left);
      store<u32>(corner + 4, top + right);
      store<u32>(corner + 8, bottom + left);
      store<u32>(corner + 12, bottom + right);
    } else {
      store<u32>(corner, 0);
    }
    if (++x == p.outWidth) {
      x = 0;
      y++;
    }
  }
  return hasBorder;
}

/** Take the weight bits under padded taps out of the counts: all bits of the filter less those in the inner rectangle. */
function correctBorder(p: Conv2dParams, counts: u32, countBytes: u32, channel: u32, filters: u32, pixels: u32, corners: u32): void {
  const total: u32 = p.lutPtr + (((((p.kernelH + 1) * (p.kernelW + 1) - 1) * p.outChannels) + channel) << 2);
  for (let i: u32 = 0; i < pixels; i++) {
    const corner = corners + (i << 4);
    if (load<u32>(corner) == 0) continue;
    const topLeft: u32 = load<u32>(corner) + (channel << 2);
    const topRight: u32 = load<u32>(corner + 4) + (channel << 2);
    const bottomLeft: u32 = load<u32>(corner + 8) + (channel << 2);
    const bottomRight: u32 = load<u32>(corner + 12) + (channel << 2);
    let count = counts + (i << 2);
    for (let at: u32 = 0, end: u32 = filters << 2; at < end; at += 4, count += countBytes) {
      const inner = load<i32>(bottomRight + at) - load<i32>(bottomLeft + at) - load<i32>(topRight + at) + load<i32>(topLeft + at);
      store<i32>(count, load<i32>(count) - load<i32>(total + at) + inner);
    }
  }
}

/** Sum every window: S = valid - 2 ones. */
function sumRows(rows: u32, rowBytes: u32, pixels: u32, valid: u32, sums: u32): void {
  for (let i: u32 = 0; i < pixels; i++) {
    const ones = countOnes(rows + i * rowBytes, rowBytes);
    store<f32>(sums + (i << 2), (load<i32>(valid + (i << 2)) - ((ones << 1) as i32)) as f32);
  }
}

/**
 * Computes   D = valid - 2 popcount(window xor filter), S = valid - 2 popcount(window), valid = products whose tap counts.
 *            With padValue 0 padded taps are packed as bits 0: D's popcount is corrected by the weight bits under them.
 *            Output: f32 by outputValue; bits by thresholds, on D itself for sign weights.
 * Operands   input: bits NHW[Cw]. weights: bits OHW[Iw]. output: f32 NCHW, or bits NHW[Cw]. lutPtr: tap counts, see tap-counts.ts.
 * Tile       4 pixels x 2 filters x 1 block: 8 accumulators, 14 live v128; see gemm/popcount.ts.
 * Requires   tilePixels a multiple of 4; scratch as drawn; 12 bytes of over-read.
 * Bounds     see gemm/popcount.ts: u8 lanes <= 248, i32 sums up to 2^29 products.
 * See        docs/binary-math.md sections 1 to 3; LCE core/bconv2d/zero_padding_correction.h for the idea of a correction table.
 */
export function conv2d_b1b1f32_im2row_4x2(params: usize, part: u32, parts: u32): void {
  convolve(params, part, parts, false);
}

/**
 * Computes   the same D and S, then one bit an output: (D < threshold) != flip; two-level: output/levels.ts.
 * Operands   as above; output: bits NHW[Cw]; thresholds: i32[O] for sign weights, else f32[O].
 * Tile       as above.
 * Requires   as above, and thresholds.
 * Bounds     as above.
 * See        conv2d_b1b1f32_im2row_4x2.
 */
export function conv2d_b1b1b1_im2row_4x2(params: usize, part: u32, parts: u32): void {
  convolve(params, part, parts, true);
}
