import type { Window } from "../graph/attributes.ts";
import { PlanError } from "../graph/errors.ts";
import type { Node } from "../graph/graph.ts";

/** Fields of a parameter block that hold a window; the block of every windowed op spreads them in. */
export const windowBlock = {
  kernelH: "u32",
  kernelW: "u32",
  strideH: "u32",
  strideW: "u32",
  dilationH: "u32",
  dilationW: "u32",
  padTop: "u32",
  padLeft: "u32",
} as const;

/** The window's fields as parameters of a step. */
export function windowParams(w: Window): Record<keyof typeof windowBlock, number> {
  const { padBottom: _b, padRight: _r, ...params } = w;
  return params;
}

/** Infer [height, width] of the output; throws when the window does not fit into the padded input. */
export function outputSize(node: Node<unknown>, w: Window, height: number, width: number, ceilMode = false): [number, number] {
  return [
    outputLength(node, "height", height, w.kernelH, w.strideH, w.dilationH, w.padTop, w.padBottom, ceilMode),
    outputLength(node, "width", width, w.kernelW, w.strideW, w.dilationW, w.padLeft, w.padRight, ceilMode),
  ];
}

function outputLength(
  node: Node<unknown>,
  side: string,
  input: number,
  kernel: number,
  stride: number,
  dilation: number,
  before: number,
  after: number,
  ceilMode: boolean,
): number {
  if (kernel < 1 || stride < 1 || dilation < 1) {
    throw new PlanError("invalid", `kernel, stride and dilation must be at least 1 but are ${kernel}, ${stride}, ${dilation}`, node.name);
  }
  const span = dilation * (kernel - 1) + 1;
  const room = input + before + after - span;
  if (room < 0) {
    throw new PlanError(
      "shape",
      `the window covers ${span} but the padded input's ${side} is ${input + before + after}; use a larger input`,
      node.name,
    );
  }
  const output = (ceilMode ? Math.ceil(room / stride) : Math.floor(room / stride)) + 1;
  // A last window that starts in the padding after the input is dropped, as ONNX does.
  return ceilMode && (output - 1) * stride >= input + before ? output - 1 : output;
}
