// Products of f32 inputs with f32 weights for a tile of pixels: inputs are packed tap by tap into panels, one for every
// 16 pixels. A few panels share one pass over the weights, which are far larger than the caches in deep layers.
//
// Scratch: as drawn in pixel-tiles.ts, then the panels, f32[P / 16][PANEL_ROWS][16].
import { addProducts } from "../../gemm/f32";
import { packSigns } from "../../pack/signs";
import { packTap, PANEL_ROW_BYTES, WINDOWS_BYTES } from "../../pack/pixels";
import { Conv2dParams } from "./params";

/** Most rows of a panel: 16 KiB, so that it stays in a small L1 cache while two filters pass. */
const PANEL_ROWS: u32 = 256;
const PANEL_BYTES: u32 = PANEL_ROWS * PANEL_ROW_BYTES;

/**
 * Make the dots of a tile: filters from `channel` on, of one group, `panels` times 12 or 16 pixels. `image` begins with the group's channels,
 * or, `isBits`, with all.
 */
export function multiplyReals(
  p: Conv2dParams, image: u32, channel: u32, filters: u32, windows: u32, panels: u32, dots: u32, panel: u32, isBits: bool,
): void {
  const run = p.inChannels / p.groups;
  const firstChannel = (channel / (p.outChannels / p.groups)) * run;
  const planeBytes = (p.inHeight * p.inWidth) << 2;
  const depth = p.kernelH * p.kernelW * run;
  const weightBytes = depth << 2;
  // Passes of equal depth.
  const passes = (depth + PANEL_ROWS - 1) / PANEL_ROWS;
  const most = (depth + passes - 1) / passes;
  let weights = p.weightsPtr + channel * weightBytes;
  let rows: u32 = 0;
  let isFirst = true;
  for (let ky: u32 = 0; ky < p.kernelH; ky++) {
    for (let kx: u32 = 0; kx < p.kernelW; kx++) {
      for (let c: u32 = 0; c < run; ) {
        const taken = min(run - c, most - rows);
        for (let i: u32 = 0; i < panels; i++) {
          const to = panel + i * PANEL_BYTES + rows * PANEL_ROW_BYTES;
          if (isBits) packSigns(p, windows + i * WINDOWS_BYTES, image, ky, kx, firstChannel + c, taken, to);
          else packTap(p, windows + i * WINDOWS_BYTES, image + c * planeBytes, ky, kx, taken, to);
        }
        c += taken;
        rows += taken;
        if (rows < most) continue;
        addProducts(panel, PANEL_BYTES, windows, panels, rows, weights, weightBytes, filters, dots, p.tilePixels << 2, isFirst);
        weights += rows << 2;
        rows = 0;
        isFirst = false;
      }
    }
  }
  if (rows > 0) addProducts(panel, PANEL_BYTES, windows, panels, rows, weights, weightBytes, filters, dots, p.tilePixels << 2, isFirst);
}
