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
const RECORD_BYTES = 64;
const SLACK_BYTES = 16;

/** Packed rows of a tile should stay in half of a small L1 cache. */
const ROWS_BYTES = 16384;
const FILTER_BLOCK = 32;

/** Of the f32 kernels: pixels of a panel, its rows, panels and tables at once, bytes of the record of window positions. */
const PIXELS = 16;
const PANEL_ROWS = 192;
const MAX_PANELS = 4;
const MAX_TABLES = 32;
const WINDOWS_BYTES = 160;

export function planTile(variant: Variant, layer: Layer): Tile {
  const { pixels } = layer;
  const rowBytes = 16 * Math.ceil((layer.taps * countWords(layer.run)) / 4);
  const most = Math.min(32, Math.max(4, 4 * Math.floor(ROWS_BYTES / rowBytes / 4)), roundUp4(pixels));
  const panels = Math.min(MAX_PANELS, Math.ceil(pixels / PIXELS));
  switch (variant) {
    case "im2row":
      return { pixels: most, bytes: RECORD_BYTES + most * (4 + 4 + 16 + 4 * FILTER_BLOCK + rowBytes) + SLACK_BYTES };
    case "popcount": {
      const rows = pixels === 1 ? 1 : most;
      return { pixels: rows, bytes: RECORD_BYTES + roundUp4(rows) * (4 + 4 + 4 * FILTER_BLOCK) + rows * rowBytes + SLACK_BYTES };
    }
    case "bitslice": {
      // The lists of a tile's rows stay in L2.
      const listBytes = 64 * layer.taps * countWords(layer.run) + 80;
      const rows = Math.max(1, Math.min(16, pixels, Math.floor(65536 / listBytes)));
      return { pixels: rows, bytes: RECORD_BYTES + 16 + 512 + 512 + SLACK_BYTES + rows * listBytes };
    }
    case "direct":
      return { pixels: panels * PIXELS, bytes: pixelTileBytes(layer, panels) + panels * PANEL_ROWS * PIXELS * 4 };
    case "depthwise":
      return { pixels: 0, bytes: RECORD_BYTES + 2 * 4 * (roundUp4(layer.outWidth) + 8) + 4 * roundUp4(layer.taps) };
    case "dot":
      return { pixels: 0, bytes: RECORD_BYTES + 2 * 4 * roundUp4(layer.filters) + SLACK_BYTES };
    case "bytelut":
      return { pixels: 0, bytes: RECORD_BYTES + 16 + 4 * roundUp4(layer.filters) + SLACK_BYTES + MAX_TABLES * 1024 };
    default:
      return { pixels: 0, bytes: 0 };
  }
}

/** What the f32 kernel begins its scratch with. */
function pixelTileBytes({ filters }: Layer, panels: number): number {
  return RECORD_BYTES + panels * (WINDOWS_BYTES + 4 * PIXELS * (1 + filters + 1));
}

function roundUp4(count: number): number {
  return 4 * Math.ceil(count / 4);
}
