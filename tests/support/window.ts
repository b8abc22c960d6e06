// Windows of convolutions and pools, for tests and benches.
import type { Window } from "../../src/graph/attributes.ts";

/** What a window does along one axis. */
export interface Side {
  kernel: number;
  stride: number;
  dilation: number;
  before: number;
  after: number;
}

export function windowOf(y: Side, x: Side): Window {
  return {
    kernelH: y.kernel,
    kernelW: x.kernel,
    strideH: y.stride,
    strideW: x.stride,
    dilationH: y.dilation,
    dilationW: x.dilation,
    padTop: y.before,
    padLeft: x.before,
    padBottom: y.after,
    padRight: x.after,
  };
}

/** The same on both axes, padded alike on all sides. */
export function square(kernel: number, stride = 1, pads = 0): Window {
  const side = { kernel, stride, dilation: 1, before: pads, after: pads };
  return windowOf(side, side);
}
