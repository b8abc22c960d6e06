// What maxpool, avgpool and xnorscale share.
import type { Window } from "../graph/attributes.ts";
import { INPUT_TO_OUTPUT, type PrepareContext } from "./op.ts";
import { sizeParams, windowParams } from "./window.ts";

/** First fields of the parameter block of such an op: assembly/pools/params.ts. */
export function poolParams(window: Window, { inputs: [input], output }: PrepareContext, planes: number) {
  return { ...INPUT_TO_OUTPUT, planes, ...sizeParams(input, output), ...windowParams(window) };
}
