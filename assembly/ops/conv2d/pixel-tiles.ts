// The walk of the f32 convolution with real weights: images, groups, tiles of output pixels. direct-products.ts multiplies. An image's
// pixels are shared out by fours, so that tiles are equal but for four pixels; a tile is a few panels of 16 pixels, the last ones of 12.
//
// Scratch, up to what direct-products.ts draws for itself:
//   OutputTile (64) | sums: f32[P] | windows: P / 16 x 160 | dots: f32[filters + 1][P] | ...      P = tilePixels
import { Comparison } from "../../output/comparison";
import { OutputTile, TILE_BYTES } from "../../output/tile";
import { writeTile } from "../../output/write";
import { placeWindows, TILE_PIXELS, WINDOWS_BYTES } from "../../pack/pixels";
import { shareStart } from "../../share";
import { multiplyReals } from "./direct-products";
import { Conv2dParams } from "./params";

/** Filters that a share may consist of: their bits fill whole words. */
const FILTER_GRAIN: u32 = 32;

/** Tiles of a thread above which one more or less, or one that is not full, hardly matters. */
const MANY_TILES: u32 = 8;

/**
 * Compute a share of a layer. Tiles are shared; where they are few, their
 * filters too, and each thread packs the tile's inputs for itself. `isBits`: inputs are bits.
 */
export function convolveTiles(params: usize, part: u32, parts: u32, isBits: bool = false): void {
  const p = changetype<Conv2dParams>(params);
  const inPerGroup = p.inChannels / p.groups;
  const filters = p.outChannels / p.groups;
  const planeBytes = (p.inHeight * p.inWidth) << 2;
  const imageBytes = (p.inHeight * p.inWidth * ((p.inChannels + 31) >> 5)) << 2;
  const outPixels = p.outHeight * p.outWidth;
  const wordBytes = ((p.outChannels + 31) >> 5) << 2;
  const toBits = p.thresholdsPtr != 0;
  const scratch = p.scratchPtr + part * p.threadBytes;
  const sums = scratch + TILE_BYTES;
  const tilePixels = p.tilePixels;
  const dotBytes = tilePixels << 2;
  const windows = sums + dotBytes;
  const dots = windows + (tilePixels / TILE_PIXELS) * WINDOWS_BYTES;
  const rest = dots + (filters + 1) * dotBytes;

  const tile = changetype<OutputTile>(scratch);
  tile.dotsPtr = dots;
  tile.dotBytes = dotBytes;
  tile.sumsPtr = sums;
  tile.filterBytes = outPixels << 2;
  tile.pixelBytes = toBits ? wordBytes : 4;

  const quads = (outPixels + 3) >> 2;
  const tilesPerImage = (outPixels + tilePixels - 1) / tilePixels;
  const tiles = p.batch * tilesPerImage;
  const areMany = tiles >= MANY_TILES * parts;
  const blocks = areMany || p.groups > 1 ? 1 : min(parts, (filters + FILTER_GRAIN - 1) / FILTER_GRAIN);
  const end = shareStart(tiles * blocks, 1, part + 1, parts);
  for (let at = shareStart(tiles * blocks, 1, part, parts); at < end; at++) {
    const block = at / tiles;
    const f = shareStart(filters, FILTER_GRAIN, block, blocks);
    const blockFilters = shareStart(filters, FILTER_GRAIN, block + 1, blocks) - f;
    const n = (at - block * tiles) / tilesPerImage;
    const t = at - block * tiles - n * tilesPerImage;
    const first = shareStart(quads, 1, t, tilesPerImage) << 2;
    const pixels = min(shareStart(quads, 1, t + 1, tilesPerImage) << 2, outPixels) - first;
    const pixel = n * outPixels + first;
    const words = p.outputPtr + pixel * wordBytes;
    tile.pixels = pixels;
    tile.filters = blockFilters;
    tile.scalesPtr = p.scalePtr ? p.scalePtr + (pixel << 2) : 0;
    if (toBits) clearWords(words + ((f >> 5) << 2), blocks > 1 ? ((blockFilters + 31) >> 5) << 2 : wordBytes, wordBytes, pixels);
    const panels = (pixels + TILE_PIXELS - 1) / TILE_PIXELS;
    // Every panel of 12 leaves out a quad; few pixels leave out fewer than they could.
    const wide = max<i32>(0, ((pixels + 3) >> 2) - 3 * panels) as u32;
    for (let i: u32 = 0, done: u32 = 0; i < panels; i++) {
      const width = i < wide ? TILE_PIXELS : TILE_PIXELS - 4;
      placeWindows(p, first + done, pixels - done, width, windows + i * WINDOWS_BYTES);
      done += width;
    }
    for (let g: u32 = 0; g < p.groups; g++) {
      const channel = g * filters + f;
      const image = p.inputPtr + (isBits ? n * imageBytes : (n * p.inChannels + g * inPerGroup) * planeBytes);
      memory.fill(sums, 0, dotBytes);
      multiplyReals(p, image, channel, blockFilters, windows, panels, dots, rest, isBits);
      tile.firstFilter = channel;
      tile.outPtr = toBits ? words : p.outputPtr + (((n * p.outChannels + channel) * outPixels + first) << 2);
      writeTile(p, tile, Comparison.VALUES);
    }
  }
}

/** Clear `bytes` of the `pixelBytes` of every pixel. */
function clearWords(to: u32, bytes: u32, pixelBytes: u32, pixels: u32): void {
  if (bytes == pixelBytes) memory.fill(to, 0, pixels * bytes);
  else for (; pixels; pixels--, to += pixelBytes) memory.fill(to, 0, bytes);
}
