// The window of a convolution or pool from ONNX's attributes: kernel_shape, strides, dilations, pads or auto_pad, for any number of axes.
import type { Window } from "../../graph/attributes.ts";
import type { Shape } from "../../graph/graph.ts";
import type { OnnxNode } from "./node.ts";

/** A window along one axis. */
export interface Side {
  kernel: number;
  stride: number;
  dilation: number;
  before: number;
  after: number;
}

/** One element, as it is. */
export const POINT: Side = { kernel: 1, stride: 1, dilation: 1, before: 0, after: 0 };

/** Read the windows of a node that works on a value of shape [N,C,...], axis by axis. */
export function readSides(node: OnnxNode, shape: Shape, kernel: readonly number[]): Side[] {
  const axes = shape.length - 2;
  const sizes = list(node, "kernel_shape", kernel, axes);
  const strides = list(node, "strides", node.ints("strides") ?? sizes.map(() => 1), axes);
  const dilations = list(node, "dilations", node.ints("dilations") ?? sizes.map(() => 1), axes);
  const sides = sizes.map((size, i) => ({ ...POINT, kernel: size, stride: strides[i] as number, dilation: dilations[i] as number }));
  const auto = node.text("auto_pad", "NOTSET");
  if (auto === "VALID") return sides;
  if (auto === "SAME_UPPER" || auto === "SAME_LOWER") return sides.map((side, i) => padSame(side, shape[i + 2] as number, auto));
  if (auto !== "NOTSET") throw node.invalid(`has auto_pad "${auto}", which ONNX does not know`);
  const pads = node.ints("pads") ?? new Array<number>(2 * axes).fill(0);
  if (pads.length !== 2 * axes) throw node.invalid(`has ${pads.length} pads where ${2 * axes} are needed`);
  if (pads.some((pad) => pad < 0)) throw node.unsupported(`has negative pads [${pads}]`, "crop with a Slice instead");
  return sides.map((side, i) => ({ ...side, before: pads[i] as number, after: pads[i + axes] as number }));
}

/** A window over height and width. */
export function toWindow(height: Side, width: Side): Window {
  return {
    kernelH: height.kernel,
    kernelW: width.kernel,
    strideH: height.stride,
    strideW: width.stride,
    dilationH: height.dilation,
    dilationW: width.dilation,
    padTop: height.before,
    padLeft: width.before,
    padBottom: height.after,
    padRight: width.after,
  };
}

/** Pads that make the output as long as input / stride, rounded up; the odd one goes to the end for SAME_UPPER. */
function padSame(side: Side, length: number, auto: string): Side {
  const { kernel, stride, dilation } = side;
  const output = Math.ceil(length / stride);
  const total = Math.max((output - 1) * stride + dilation * (kernel - 1) + 1 - length, 0);
  const small = Math.floor(total / 2);
  return auto === "SAME_UPPER" ? { ...side, before: small, after: total - small } : { ...side, before: total - small, after: small };
}

function list(node: OnnxNode, name: string, values: readonly number[], axes: number): readonly number[] {
  if (axes < 1 || values.length !== axes || values.some((value) => value < 1)) {
    throw node.unsupported(
      `has ${name} [${values}] for ${axes} axes`,
      "one number of at least 1 for each axis of height, width and their like is needed",
    );
  }
  return values;
}
