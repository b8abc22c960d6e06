// Memory of a convolution on pair planes (assembly/planes): upper bounds of what its kernels derive for themselves.
import type { Conv2dAttrs } from "../graph/attributes.ts";

/** Counts are 16 bits, and so are dot products. */
const MAX_DEPTH = 32766;

/** Fewer positions leave most lanes of a tile without work; measured, see docs/performance.md. */
const MIN_PIXELS = 24;

/** Of a thread: the output stage's record, sums, dots, tables. */
const THREAD_BYTES = 64 + 33 * 144 + 30720;

export interface Planes {
  setup: string;
  pack: string;
  planeBytes: number;
  scratchBytes: number;
  threadBytes: number;
  tableBytes: number;
  /** Padded planes only; see row-planes.ts. */
  planeCols?: number;
  tableChannels?: number;
}

/** Size the memory, or find that another kernel does better. */
export function planPlanes(
  { inChannels, outChannels, groups, window }: Conv2dAttrs<unknown>,
  batch: number,
  inPixels: number,
  outHeight: number,
  outWidth: number,
): Planes | undefined {
  const { kernelH, kernelW, strideH, strideW, dilationH, dilationW } = window;
  const taps = kernelH * kernelW;
  const columns = outWidth + Math.floor(((kernelW - 1) * dilationW) / strideW);
  const rows = Math.floor(((kernelH - 1) * dilationH) / strideH) + 1;
  const planeBytes = 64 * Math.ceil(((outHeight / 2 + rows) * columns) / 64 + 1.5);
  const phases = Math.min(kernelH, strideH) * Math.min(kernelW, strideW);
  const channelGroups = Math.ceil(inChannels / 5);
  const lookUps = taps * channelGroups;
  // Far dilated windows on small images would be mostly padding.
  const isDense = phases * planeBytes <= 4 * (inPixels + outHeight * outWidth) + 4096;
  if (groups > 1 || taps * inChannels > MAX_DEPTH || outHeight * outWidth < MIN_PIXELS || !isDense) return undefined;
  return {
    setup: "conv2d_setup_lut5",
    pack: "conv2d_pack_planes",
    planeBytes,
    scratchBytes: batch * phases * 8 * Math.ceil((5 * channelGroups) / 8) * planeBytes,
    threadBytes: THREAD_BYTES + 128 * (outChannels + 1) + 8 * planeBytes,
    tableBytes: (phases + 4) * planeBytes + 21 * lookUps + Math.ceil((outChannels + 2) * (2.25 * lookUps + 8)) + 128,
  };
}
