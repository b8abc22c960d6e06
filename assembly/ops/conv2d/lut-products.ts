// Look-ups of f32 inputs by binary weights for a tile of pixels: for every four inputs of a tap a table of their 16 signed
// sums is built once per tile of 16 pixels, and every filter reads it at its own four weight bits.
//
// Scratch: as drawn in pixel-tiles.ts, then
//   groups: u32[16] | panel: f32[4 MAX_GROUPS][16] | tables: MAX_GROUPS x 1024
import { addLookups, buildTables } from "../../gemm/lut";
import { packTap, PANEL_ROW_BYTES } from "../../pack/pixels";
import { Conv2dParams } from "./params";

/** Tables at once: 16 KiB, half of a small L1 cache. */
const MAX_GROUPS: u32 = 16;

/** Channels of a table. */
const GROUP: u32 = 4;

/** Add the look-ups of a tile: one group, 16 pixels. */
export function addTableProducts(p: Conv2dParams, image: u32, channel: u32, windows: u32, sums: u32, dots: u32, rest: u32): void {
  const run = p.inChannels / p.groups;
  const filters = p.outChannels / p.groups;
  const planeBytes = (p.inHeight * p.inWidth) << 2;
  const weightBytes = (p.kernelH * p.kernelW * ((run + 31) >> 5)) << 2;
  const counts = rest;
  const panel = counts + (MAX_GROUPS << 2);
  const tables = panel + GROUP * MAX_GROUPS * PANEL_ROW_BYTES;
  let weights = p.weightsPtr + channel * weightBytes;
  let words: u32 = 0;
  let groups: u32 = 0;
  for (let ky: u32 = 0; ky < p.kernelH; ky++) {
    for (let kx: u32 = 0; kx < p.kernelW; kx++) {
      for (let c: u32 = 0; c < run; c += 32) {
        const channels = min<u32>(run - c, 32);
        const wordGroups = (channels + GROUP - 1) / GROUP;
        if (groups + wordGroups > MAX_GROUPS) {
          buildTables(panel, groups, tables, sums);
          addLookups(tables, counts, words, weights, weightBytes, filters, dots);
          weights += words << 2;
          words = 0;
          groups = 0;
        }
        packTap(p, windows, image + c * planeBytes, ky, kx, channels, GROUP * wordGroups, panel + GROUP * groups * PANEL_ROW_BYTES);
        store<u32>(counts + (words << 2), wordGroups);
        words++;
        groups += wordGroups;
      }
    }
  }
  buildTables(panel, groups, tables, sums);
  addLookups(tables, counts, words, weights, weightBytes, filters, dots);
}
