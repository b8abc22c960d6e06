// How much a conv2d or dense kernel takes at once, and the scratch memory for it. Mirrors the layouts drawn in
// the kernels' files.
import { countWords } from "../graph/graph.ts";
import type { Variant } from "../kernels/select.ts";

export interface Layer {
  /** Output pixels of one image, or rows. */
  pixels: number;
  /** Of those, in one line of the image. */
  outWidth: number;
  taps: number;
  /** Weights of a tap. */
  run: number;
  /** Filters of a group. */
  filters: number;
}

export interface Tile {
  pixels: number;
  /** Of each thread's scratch, a multiple of 16: the next thread's follows. */
  bytes: number;
}

/** The output stage's record, and slack for copies that end in the middle of a block. */
const RECORD_BYTES = 64 + 16;

/** Packed rows of a tile should stay in half of a small L1 cache. */
const ROWS_BYTES = 16384;
const FILTER_BLOCK = 32;

/** Of the f32 kernels: pixels of a panel, its rows, panels at once, bytes of the record of window positions. */
const PIXELS = 16;
const PANEL_ROWS = 256;
const MAX_PANELS = 4;
const WINDOWS_BYTES = 160;

/** Tables of sums that a byte selects from, and what the other kernels have instead, but for what depends on the layer. */
const TABLES_BYTES = 33 * 1024;

/** Size a tile and, roomily, a multiple of 16 bytes for it. */
export function planTile(variant: Variant, { pixels, outWidth, taps, run, filters }: Layer): Tile {
  const rowBytes = 16 * Math.ceil((taps * countWords(run)) / 4);
  if (variant === "im2row" || variant === "popcount") {
    const most = Math.min(32, Math.max(4, 4 * Math.floor(ROWS_BYTES / rowBytes / 4)), 4 * Math.ceil(pixels / 4));
    // Counts, sums and corners of a pixel, its dots with a block of filters, its row.
    return { pixels: variant === "popcount" && pixels === 1 ? 1 : most, bytes: RECORD_BYTES + most * (24 + 4 * FILTER_BLOCK + rowBytes) };
  }
  if (variant === "bitslice") {
    // The lists of a tile's rows stay in L2.
    const listBytes = 16 * rowBytes + 80;
    const rows = Math.max(1, Math.min(16, pixels, Math.floor(65536 / listBytes)));
    return { pixels: rows, bytes: RECORD_BYTES + 16 + 512 + 512 + rows * listBytes };
  }
  if (variant === "direct") {
    const panels = Math.min(MAX_PANELS, Math.ceil(pixels / PIXELS));
    return { pixels: panels * PIXELS, bytes: RECORD_BYTES + panels * (WINDOWS_BYTES + 4 * PIXELS * (filters + (PANEL_ROWS + 2))) };
  }
  return { pixels: 0, bytes: TABLES_BYTES + 32 * Math.ceil(((variant === "depthwise" ? outWidth : filters) + taps) / 4) };
}
