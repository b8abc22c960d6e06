// A window that slides over the two spatial axes of [N,C,H,W]: conv2d and the pools.
import type { Window } from "../graph/attributes.ts";
import type { Type } from "./op.ts";
import { demand, requireInput, requireLayout, spell, type Wanted } from "./require.ts";

/** Window fields beyond this could overflow the kernels' 32-bit coordinates. */
const MAX_FIELD = 2 ** 20;

export interface WindowOptions {
  /** What input 0 must be; f32 or bits, if absent. */
  type?: Wanted;
  /** Count a last window that is only partly inside. */
  ceilMode?: boolean;
  /** Refuse windows that see nothing but padding. */
  needsPixels?: boolean;
}

/** Infer the output's shape, which has as many channels as input 0. */
export function slideWindow(w: Window, inputs: readonly Type[], { type, ceilMode, needsPixels }: WindowOptions): Type {
  const input = requireInput(inputs, 0, type);
  requireLayout(input, "[N,C,H,W]");
  const fields = Object.values(w);
  demand(Math.max(...fields) <= MAX_FIELD, "unsupported", `has window ${spell(fields)} but ${MAX_FIELD} is the most`);

  const slide = (side: string, size: number, kernel: number, stride: number, dilation: number, before: number, after: number): number => {
    const isWhole = kernel > 0 && stride > 0 && dilation > 0;
    demand(isWhole, "invalid", `has kernel ${kernel}, stride ${stride} and dilation ${dilation} along its ${side}; they must be at least 1`);
    const span = dilation * (kernel - 1) + 1;
    const padded = size + before + after;
    demand(span <= padded, "shape", `covers ${span} but its padded input's ${side} is ${padded}; use a larger input`);
    const seesPixels = Math.max(before, after) < span && (before === 0 || dilation <= size);
    demand(seesPixels || !needsPixels, "invalid", `has windows of ${side} ${span} between ${before} and ${after} of padding; pad less`);
    const steps = (padded - span) / stride;
    const last = ceilMode ? Math.ceil(steps) : Math.floor(steps);
    // A last window that starts in the padding after the input is dropped, as ONNX does.
    return ceilMode && last * stride >= size + before ? last : last + 1;
  };
  const [batch, channels, height, width] = input.shape as [number, number, number, number];
  const outHeight = slide("height", height, w.kernelH, w.strideH, w.dilationH, w.padTop, w.padBottom);
  const outWidth = slide("width", width, w.kernelW, w.strideW, w.dilationW, w.padLeft, w.padRight);
  return { type: input.type, shape: [batch, channels, outHeight, outWidth] };
}

/** Fields of a parameter block that tell where the window goes. */
export function sizeParams(input: Type, output: Type) {
  const [, , inHeight, inWidth] = input.shape as [number, number, number, number];
  const [, , outHeight, outWidth] = output.shape as [number, number, number, number];
  return { inHeight, inWidth, outHeight, outWidth };
}

/** Fields of a parameter block that hold a window. */
export function windowParams({ padBottom: _b, padRight: _r, ...params }: Window) {
  return params;
}
