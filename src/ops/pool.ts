// What maxpool, avgpool and xnorscale share: a window that slides over the two spatial axes.
import type { Window } from "../graph/attributes.ts";
import { PlanError } from "../graph/errors.ts";
import type { Node } from "../graph/graph.ts";
import type { Param, Type } from "./op.ts";
import { requireRank } from "./require.ts";
import { outputSize, windowBlock, windowParams } from "./window.ts";

/** First fields of the parameter block of such an op: assembly/pools/params.ts. */
export const poolBlock = {
  inputPtr: "u32",
  outputPtr: "u32",
  planes: "u32",
  inHeight: "u32",
  inWidth: "u32",
  outHeight: "u32",
  outWidth: "u32",
  ...windowBlock,
} as const;

/** Window fields beyond this could overflow the kernels' 32-bit coordinates. */
const MAX_WINDOW = 2 ** 20;

/** Infer the output's shape with the same number of channels. */
export function inferPool(node: Node<unknown>, inputs: readonly Type[], window: Window, ceilMode: boolean): Type {
  const { type, shape } = requireRank(node, inputs, 0, 4);
  const [batch, channels, height, width] = shape as [number, number, number, number];
  if (Object.values(window).some((field) => field > MAX_WINDOW)) {
    throw new PlanError("unsupported", `a window field is larger than ${MAX_WINDOW}`, node.name);
  }
  return { type, shape: [batch, channels, ...outputSize(node, window, height, width, ceilMode)] };
}

/** Throw unless every window has at least one tap inside the input: nothing else has a maximum or a mean. */
export function requireTaps(node: Node<unknown>, { shape }: Type, w: Window): void {
  requireLineTaps(node, "height", shape[2] as number, w.kernelH, w.dilationH, w.padTop, w.padBottom);
  requireLineTaps(node, "width", shape[3] as number, w.kernelW, w.dilationW, w.padLeft, w.padRight);
}

function requireLineTaps(node: Node<unknown>, side: string, input: number, kernel: number, dilation: number, before: number, after: number): void {
  const span = dilation * (kernel - 1) + 1;
  if (Math.max(before, after) >= span || (before > 0 && dilation > input)) {
    throw new PlanError("invalid", `padding ${before} and ${after} of the ${side} leaves windows of span ${span} with no pixel; pad less`, node.name);
  }
}

export function poolParams(window: Window, input: Type, output: Type, planes: number): Record<keyof typeof poolBlock, Param> {
  return {
    inputPtr: { input: 0 },
    outputPtr: { output: 0 },
    planes,
    inHeight: input.shape[2] as number,
    inWidth: input.shape[3] as number,
    outHeight: output.shape[2] as number,
    outWidth: output.shape[3] as number,
    ...windowParams(window),
  };
}
