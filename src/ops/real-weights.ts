// Which convolutions with real weights the Winograd kernel and the kernel of pairs can run, and upper bounds of their memory. Mirrors
// what is drawn in assembly/ops/conv2d/winograd.ts and pairs*.ts.
import type { Conv2dAttrs } from "../graph/attributes.ts";
import type { Layout } from "./planes.ts";

/** Transformed weights are 16/9 of the file's, and lie beside them. */
const MAX_TABLE_BYTES = 2 ** 26;

/** Transformed inputs and products of a block of tiles should stay in an L2 cache. */
const BLOCK_BYTES = 2 ** 19;

/** Between positions and lines, and what does not grow. */
const SPARE_BYTES = 2 ** 13;

/** Filters whose products are made before they are transformed back; of winograd.ts. */
const FILTERS = 16;

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
  // Tiles of P x P inputs, M x M outputs, R x R taps.
  const r = Math.ceil(kernelH / strideH);
  const points = kernelH === 3 && strideH === 1 ? 4 : 7;
  const positions = points * points;
  const m = points + 1 - r;
  const depth = inChannels * strideH ** 2;
  const tableBytes = 4 * positions * (outChannels + 3) * depth;
  const isSquare = kernelH === kernelW && strideH === strideW && dilationH * dilationW === 1 && r > 2 && r < 6;
  // With fewer channels four points cost more than they save.
  if (inputKind !== "float" || !isSquare || (points < 7 && depth < 4) || tableBytes > MAX_TABLE_BYTES) return undefined;
  const tilesAcross = Math.ceil(outWidth / m);
  const quads = Math.ceil((tilesAcross * Math.ceil(outHeight / m)) / 4);
  const quadBytes = 16 * positions * (depth + FILTERS);
  const tilePixels = 16 * Math.ceil(quads / Math.ceil(quads / Math.max(4, Math.floor(BLOCK_BYTES / quadBytes))));
  // Rows of tiles, at least one of them in part; rows of a tile, and the lines made of them.
  const rows = (tilePixels / 4 / tilesAcross + 2) * (m + points) + points;
  return {
    variant: points === 4 ? "winograd4" : "winograd7",
    setup: `conv2d_setup_winograd${points}`,
    tilePixels,
    tables: [tableBytes],
    scratchBytes: 0,
    threadBytes: (tilePixels / 16) * (quadBytes + 16 * (FILTERS * m * m + 1)) + 16 * Math.ceil((rows * (outWidth + m + 10)) / 4) + SPARE_BYTES,
  };
}
