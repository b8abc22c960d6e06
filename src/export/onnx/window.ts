// Windows of convolutions and pools as ONNX attributes.
import type { Window } from "../../graph/attributes.ts";
import type { Attribute } from "./model.ts";

/** `pads` may be left to a node before. */
export function spellWindow(window: Window, isPadded = true): Record<string, Attribute> {
  const { kernelH, kernelW, strideH, strideW, dilationH, dilationW } = window;
  return {
    kernel_shape: [kernelH, kernelW],
    strides: [strideH, strideW],
    ...((dilationH > 1 || dilationW > 1) && { dilations: [dilationH, dilationW] }),
    ...(isPadded && { pads: [window.padTop, window.padLeft, window.padBottom, window.padRight] }),
  };
}

export function hasPads({ padTop, padLeft, padBottom, padRight }: Window): boolean {
  return padTop + padLeft + padBottom + padRight > 0;
}
