// Counts of a tile to outputs: D = base - 2 count. A tile's counts lie in two runs of positions; without the dropped columns a run is a run
// of consecutive output pixels. What has neither an epilogue, a scale per pixel nor an output grid is written straight from the counts, bits by signs.ts and
// f32 by reals.ts; all else goes to the output stage.
import { comparisonOf } from "../output/comparison";
import { OutputTile } from "../output/tile";
import { writeTile } from "../output/write";
import { Conv2dParams } from "../ops/conv2d/params";
import { LutTable } from "./blocks";
import { COUNT_BYTES } from "./look-up";
import { writeReals } from "./reals";
import { writeSigns } from "./signs";

/** Bytes from filter to filter of the dots handed to the output stage: 32 pixels, and what the last vectors write past them. */
// @ts-ignore: decorator
@inline export const DOT_BYTES: u32 = 160;

/** Write the outputs of up to 32 filters at `positions` positions of a band from `position` on; `sums`: counts of S. */
export function writeRun(
  p: Conv2dParams, tile: OutputTile, image: u32, band: u32, first: u32, filters: u32, position: u32, positions: u32, counts: u32, sums: u32,
): void {
  const table = changetype<LutTable>(p.lutPtr);
  const stride = table.rowStride;
  const outPixels = p.outHeight * p.outWidth;
  let y = position / stride;
  let x = position - y * stride;
  if (x >= p.outWidth) {
    const skipped = stride - x;
    if (skipped >= positions) return;
    position += skipped;
    positions -= skipped;
    counts += skipped << 1;
    sums += skipped << 1;
    x = 0;
    y++;
  }
  const firstRow = band * p.bandRows;
  const rows = min(p.bandRows, p.outHeight - firstRow);
  if (y >= rows) return;
  const most = (rows - y) * p.outWidth - x;
  const pixel = (firstRow + y) * p.outWidth + x;
  const base = table.basePtr + ((band * 2 * table.distance + position) << 1);
  const toBits = p.thresholdsPtr != 0;
  if (table.comparesCounts) {
    const words = p.outputPtr + (image * outPixels + pixel) * tile.pixelBytes + ((first >> 5) << 2);
    writeSigns(p, tile.dotsPtr, words, tile.pixelBytes, first, filters, base, positions, counts, sums, x, most);
    return;
  }
  if (!toBits && p.scalePtr == 0 && !p.hasEpilogue && p.outGridScale == 0) {
    const out = p.outputPtr + (((image * p.outChannels + first) * outPixels + pixel) << 2);
    writeLines(p, tile, out, first, filters, base, positions, counts, sums, x, most);
    return;
  }
  const pixels = compactDots(p, tile.dotsPtr, counts, filters, base, positions, x, most);
  if (p.betaPtr) compactDots(p, tile.sumsPtr, sums, 1, base, positions, x, most);
  tile.pixels = pixels;
  tile.firstFilter = first;
  tile.filters = filters;
  const at = image * outPixels + pixel;
  tile.scalesPtr = p.scalePtr ? p.scalePtr + (at << 2) : 0;
  tile.outPtr = toBits ? p.outputPtr + at * tile.pixelBytes : p.outputPtr + (((image * p.outChannels + first) * outPixels + pixel) << 2);
  if (toBits) {
    let word = tile.outPtr + ((first >> 5) << 2);
    for (let i: u32 = 0; i < pixels; i++, word += tile.pixelBytes) store<u32>(word, 0);
  }
  writeTile(p, tile, comparisonOf(p, p.scalePtr));
}

/** Write f32 outputs line by line, without the dropped columns, at most `most` of a filter. */
function writeLines(
  p: Conv2dParams, tile: OutputTile, out: u32, first: u32, filters: u32, base: u32, positions: u32, counts: u32, sums: u32, x: u32, most: u32,
): void {
  const dropped = changetype<LutTable>(p.lutPtr).rowStride - p.outWidth;
  let run = p.outWidth - x;
  for (let at: u32 = 0; at < positions && most > 0; ) {
    run = min(run, min(positions - at, most));
    const offset = at << 1;
    for (let i: u32 = 0; i < run; i += 8) {
      const bases = v128.load(base + offset + (i << 1));
      storeReals(tile.dotsPtr + (i << 2), bases);
      if (p.betaPtr == 0) continue;
      const count = v128.load(sums + offset + (i << 1));
      storeReals(tile.sumsPtr + (i << 2), i16x8.sub(bases, i16x8.add(count, count)));
    }
    writeReals(p, out, first, filters, tile.dotsPtr, tile.sumsPtr, counts + offset, run);
    out += run << 2;
    most -= run;
    at += run + dropped;
    run = p.outWidth;
  }
}

/** Store eight i16 as f32. */
// @ts-ignore: decorator
@inline
function storeReals(to: u32, values: v128): void {
  v128.store(to, f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(values)));
  v128.store(to, f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(values)), 16);
}

/** Write D of every filter as f32, without the dropped columns, at most `most`; returns how many. */
function compactDots(p: Conv2dParams, dots: u32, counts: u32, filters: u32, base: u32, positions: u32, x: u32, most: u32): u32 {
  const dropped = changetype<LutTable>(p.lutPtr).rowStride - p.outWidth;
  let pixels: u32 = 0;
  let at: u32 = 0;
  let run = p.outWidth - x;
  while (at < positions && pixels < most) {
    run = min(run, min(positions - at, most - pixels));
    const end = run << 1;
    const bases = base + (at << 1);
    let from = counts + (at << 1);
    let to = dots + (pixels << 2);
    for (let f = filters; f > 0; f--, from += COUNT_BYTES, to += DOT_BYTES) {
      for (let i: u32 = 0; i < end; i += 16) {
        const count = v128.load(from + i);
        storeReals(to + (i << 1), i16x8.sub(v128.load(bases + i), i16x8.add(count, count)));
      }
    }
    pixels += run;
    at += run + dropped;
    run = p.outWidth;
  }
  return pixels;
}
