// Memory of the row look-ups: how the padded planes of assembly/ops/conv2d/row-planes.ts are laid out, and the bytes of what their
// kernels make and scratch. Mirrors the layouts drawn there.
import type { Conv2dAttrs } from "../graph/attributes.ts";
import type { Filters } from "./layer.ts";
import type { Layout } from "./planes.ts";
import type { sizeParams } from "./window.ts";

const LINE_BYTES = 64;
const RECORD_BYTES = 64 + 16;
const TABLES_BYTES = 30720;
const TAP_BYTES = 24;

/** Size the memory of a layer with real or int8 inputs. */
export function planRows(
  { inputKind, window: w }: Conv2dAttrs<unknown>,
  { outChannels, groups, taps, run }: Filters,
  { inWidth, outHeight, outWidth }: ReturnType<typeof sizeParams>,
  batch: number,
): Layout {
  const [lane, laneBytes] = inputKind === "int8" ? ["i8", 2] : ["f32", 4];
  const spanH = w.dilationH * (w.kernelH - 1);
  const spanW = w.dilationW * (w.kernelW - 1);
  const lastRow = Math.floor(spanH / w.strideH);
  const lastCol = Math.floor(spanW / w.strideW);
  // The zeros right of a row may be those left of the next, the image's columns may not.
  const planeCols = Math.max(
    outWidth + Math.max(0, Math.floor((spanW - w.padLeft) / w.strideW)),
    Math.min(outWidth + lastCol, Math.floor((inWidth - 1 + w.padLeft) / w.strideW) + 1),
  );
  const lines = Math.ceil((laneBytes * ((outHeight - 1) * planeCols + outWidth)) / LINE_BYTES);
  const planeBytes = LINE_BYTES * (lines + 1 + Math.ceil((laneBytes * (lastRow * planeCols + lastCol)) / LINE_BYTES));
  const phasesW = Math.min(w.strideW, spanW + 1);
  const filters = outChannels / groups + 1;
  // Five channels a table are fewer look-ups than four, and a table of twice the size to build.
  const tableChannels = run > 4 && filters > 32 ? 5 : 4;
  const lookups = Math.ceil(run / tableChannels);
  return {
    variant: "rowlut",
    setup: `conv2d_setup_rowlut_${lane}`,
    pack: `conv2d_pack_rows_${lane}`,
    planeCols,
    planeBytes,
    tableChannels,
    scratchBytes: batch * groups * tableChannels * lookups * Math.min(w.strideH, spanH + 1) * phasesW * planeBytes + 16 * Math.ceil(batch / 4),
    threadBytes: RECORD_BYTES + TABLES_BYTES + (filters * 4 * LINE_BYTES) / laneBytes,
    tables: [16 + TAP_BYTES * taps + 2 * groups * filters * taps * lookups],
  };
}
