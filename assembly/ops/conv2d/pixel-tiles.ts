// The walk of the f32 convolution with real weights: images, groups, tiles of output pixels, a few times 16. direct-products.ts multiplies.
//
// Scratch, up to what direct-products.ts draws for itself:
//   OutputTile (64) | sums: f32[P] | windows: P / 16 x 160 | dots: f32[filters + 1][P] | ...      P = tilePixels
import { OutputTile, TILE_BYTES } from "../../output/tile";
import { writeTile } from "../../output/write";
import { placeWindows, TILE_PIXELS, WINDOWS_BYTES } from "../../pack/pixels";
import { addRealProducts } from "./direct-products";
import { Conv2dParams } from "./params";

/** Compute a whole layer. `isBits`: inputs are bits. */
export function convolveTiles(params: usize, isBits: bool = false): void {
  const p = changetype<Conv2dParams>(params);
  const inPerGroup = p.inChannels / p.groups;
  const filters = p.outChannels / p.groups;
  const planeBytes = (p.inHeight * p.inWidth) << 2;
  const imageBytes = (p.inHeight * p.inWidth * ((p.inChannels + 31) >> 5)) << 2;
  const outPixels = p.outHeight * p.outWidth;
  const wordBytes = ((p.outChannels + 31) >> 5) << 2;
  const toBits = p.thresholdsPtr != 0;
  const sums = p.scratchPtr + TILE_BYTES;
  const tilePixels = p.tilePixels;
  const dotBytes = tilePixels << 2;
  const windows = sums + dotBytes;
  const dots = windows + (tilePixels / TILE_PIXELS) * WINDOWS_BYTES;
  const rest = dots + (filters + 1) * dotBytes;

  const tile = changetype<OutputTile>(p.scratchPtr);
  tile.dotsPtr = dots;
  tile.dotBytes = dotBytes;
  tile.sumsPtr = sums;
  tile.filters = filters;
  tile.filterBytes = outPixels << 2;
  tile.pixelBytes = toBits ? wordBytes : 4;

  for (let n: u32 = 0; n < p.batch; n++) {
    for (let first: u32 = 0; first < outPixels; first += tilePixels) {
      const pixels = min(tilePixels, outPixels - first);
      const pixel = n * outPixels + first;
      tile.pixels = pixels;
      tile.scalesPtr = p.scalePtr ? p.scalePtr + (pixel << 2) : 0;
      if (toBits) memory.fill(p.outputPtr + pixel * wordBytes, 0, pixels * wordBytes);
      const panels = (pixels + TILE_PIXELS - 1) / TILE_PIXELS;
      for (let i: u32 = 0; i < panels; i++) {
        placeWindows(p, first + i * TILE_PIXELS, pixels - i * TILE_PIXELS, windows + i * WINDOWS_BYTES);
      }
      for (let g: u32 = 0; g < p.groups; g++) {
        const channel = g * filters;
        const image = p.inputPtr + (isBits ? n * imageBytes : (n * p.inChannels + g * inPerGroup) * planeBytes);
        memory.fill(sums, 0, dotBytes);
        memory.fill(dots, 0, filters * dotBytes);
        addRealProducts(p, image, channel, windows, panels, dots, rest, isBits);
        tile.firstFilter = channel;
        tile.outPtr = toBits ? p.outputPtr + pixel * wordBytes : p.outputPtr + (((n * p.outChannels + channel) * outPixels + first) << 2);
        writeTile(p, tile, false);
      }
    }
  }
}
