// Which convolutions with real weights the Winograd kernel and the kernel of pairs can run, and upper bounds of their memory. Mirrors
// what is drawn in assembly/ops/conv2d/winograd.ts and pairs*.ts.
import type { Conv2dAttrs } from "../graph/attributes.ts";
import type { Layout } from "./planes.ts";

/** Transformed weights are 16/9 of the file's, and lie beside them. */
const MAX_TABLE_BYTES = 2 ** 26;

/** Transformed inputs of a block of tiles should stay in an L2 cache: 16 positions of 4 tiles are 256 bytes a channel. */
const BLOCK_QUADS = 2 ** 19 / 256;

/** Sums of int8 inputs beyond this leave fewer than 2^14 steps for a filter's largest weight. */
const MAX_SUM = 2 ** 17;

/** Plan a layer, or find that it fits neither. Where Winograd fits, it was never measured slower than the direct kernel: docs/performance.md. */
export function planRealWeights(
  { inChannels, outChannels, groups, window, inputKind, inputZeroPoint, weights }: Conv2dAttrs<unknown>,
  batch: number,
  outHeight: number,
  outWidth: number,
): Layout | undefined {
  const { kernelH, kernelW, strideH, strideW, dilationH, dilationW } = window;
  const taps = kernelH * kernelW;
  if (groups > 1 || weights.kind !== "float") return undefined;
  if (inputKind === "int8") {
    if (dilationW > 1 || (128 + Math.abs(inputZeroPoint)) * taps * inChannels > MAX_SUM) return undefined;
    const rows = (outHeight - 1) * strideH + (kernelH - 1) * dilationH + 1;
    const rowBytes = 2 * inChannels * ((outWidth + 3) * strideW + kernelW) + 17;
    return {
      variant: "pairs",
      setup: "conv2d_setup_pairs",
      pack: "conv2d_pack_pairs",
      tables: [2 * (outChannels + 7) * (taps * inChannels + kernelH + 2)],
      scratchBytes: 16 * Math.ceil((batch * (rows * rowBytes + 4)) / 16 + 1),
      threadBytes: 128 * outWidth + 448,
    };
  }
  const tableBytes = 64 * (outChannels + 3) * inChannels;
  const isSquare = kernelH === 3 && kernelW === 3 && strideH * strideW * dilationH * dilationW === 1;
  // With fewer channels transforms cost more than they save.
  if (inputKind !== "float" || !isSquare || inChannels < 4 || tableBytes > MAX_TABLE_BYTES) return undefined;
  const quads = Math.ceil((Math.ceil(outWidth / 2) * Math.ceil(outHeight / 2)) / 4);
  const tilePixels = 16 * Math.ceil(quads / Math.ceil(quads / Math.max(4, Math.floor(BLOCK_QUADS / inChannels))));
  return {
    variant: "winograd",
    setup: "conv2d_setup_winograd",
    tilePixels,
    tables: [tableBytes],
    scratchBytes: 0,
    threadBytes: tilePixels * (16 * inChannels + 329) + 24 * outWidth + 2304,
  };
}
