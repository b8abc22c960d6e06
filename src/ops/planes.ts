// Memory of a convolution on pair planes (assembly/planes): upper bounds of what its kernels derive for themselves.
import type { Conv2dAttrs } from "../graph/attributes.ts";

/** Counts are 16 bits, and so are dot products. */
const MAX_DEPTH = 32766;

/** Tiles have 32 positions at least. With 16 outputs they beat im2row by 1.4 to 1.6, with 9 by 1.1, with 4 they lose (3x3, Xeon, Node 20, 2026-11). */
const MIN_PIXELS = 12;

/** Pixels of a band: three tiles. Threads share smaller images by filters: assembly/share.ts. */
const MIN_BAND = 192;

/** Of a thread: the output stage's record, sums, dots, tables. */
const THREAD_BYTES = 64 + 33 * 160 + 30720;

/** What a convolution's kernels need that is planned with the layer; absent fields are 0. */
export interface Layout {
  variant: "lut5" | "rowlut" | "winograd4" | "winograd7" | "pairs";
  setup: string;
  pack?: string;
  /** Bytes that the setup kernel fills. */
  tables: number[];
  scratchBytes: number;
  threadBytes: number;
  tilePixels?: number;
  planeBytes?: number;
  /** Output rows of a band of pair planes. */
  bandRows?: number;
  /** See row-planes.ts. */
  planeCols?: number;
  tableChannels?: number;
}

/** Size the memory, with room for the words of the input where it `isReal`, or find that another kernel does better. */
export function planPlanes(
  { inChannels, outChannels, groups, window }: Conv2dAttrs<unknown>,
  batch: number,
  threads: number,
  isReal: boolean,
  inPixels: number,
  outHeight: number,
  outWidth: number,
): Layout | undefined {
  const { kernelH, kernelW, strideH, strideW, dilationH, dilationW } = window;
  const taps = kernelH * kernelW;
  const columns = outWidth + Math.floor(((kernelW - 1) * dilationW) / strideW);
  const halo = ((kernelH - 1) * dilationH) / strideH + 1;
  const bands = Math.max(1, Math.floor(Math.min(threads / batch, (outHeight * outWidth) / MIN_BAND)));
  const bandRows = Math.ceil(outHeight / bands);
  const pairs = (bandRows / 2 + halo) * columns;
  const phases = Math.min(kernelH, strideH) * Math.min(kernelW, strideW);
  const pixels = outHeight * outWidth;
  // Far dilated windows on small images would be mostly padding.
  const isSparse = phases * (outHeight / 2 + halo) * columns > 4 * (inPixels + pixels) + 4096;
  if (groups > 1 || taps * inChannels > MAX_DEPTH || pixels < MIN_PIXELS || isSparse) return undefined;
  const planeBytes = (pairs + 160) & -64;
  const channelGroups = Math.ceil(inChannels / 5);
  const lookUps = taps * channelGroups;
  return {
    variant: "lut5",
    planeBytes,
    bandRows,
    scratchBytes: batch * bands * phases * (5 * channelGroups + 7) * planeBytes,
    threadBytes: THREAD_BYTES + 128 * (outChannels + 1) + 8 * planeBytes + 4 * Number(isReal) * inPixels,
    // Planes of padding, lists of tables and blocks, and every filter's look-ups and what its bits are compared with.
    tables: [bands * (phases + 4) * planeBytes + 21 * lookUps + Math.ceil((outChannels + 2) * (2.25 * lookUps + 16)) + 128],
    setup: "conv2d_setup_lut5",
    pack: "conv2d_pack_planes",
  };
}
