// The window of a convolution or pool from ONNX's attributes: kernel_shape, strides, dilations, pads or auto_pad.
import type { Window } from "../../graph/attributes.ts";
import type { Shape } from "../../graph/graph.ts";
import type { OnnxNode } from "./node.ts";

/** Read the window of a node that works on a value of shape [N,C,H,W]. */
export function readWindow(node: OnnxNode, shape: Shape, kernel: readonly number[]): Window {
  const [kernelH, kernelW] = pair(node, "kernel_shape", kernel);
  const [strideH, strideW] = pair(node, "strides", node.ints("strides") ?? [1, 1]);
  const [dilationH, dilationW] = pair(node, "dilations", node.ints("dilations") ?? [1, 1]);
  const sides = { kernelH, kernelW, strideH, strideW, dilationH, dilationW };
  const [padTop, padLeft, padBottom, padRight] = readPads(node, shape, sides);
  return { ...sides, padTop, padLeft, padBottom, padRight };
}

type Sides = Omit<Window, "padTop" | "padLeft" | "padBottom" | "padRight">;
type Pads = [top: number, left: number, bottom: number, right: number];

function readPads(node: OnnxNode, shape: Shape, w: Sides): Pads {
  const auto = node.text("auto_pad", "NOTSET");
  if (auto === "VALID") return [0, 0, 0, 0];
  if (auto === "SAME_UPPER" || auto === "SAME_LOWER") {
    const height = samePads(shape[2] as number, w.kernelH, w.strideH, w.dilationH, auto);
    const width = samePads(shape[3] as number, w.kernelW, w.strideW, w.dilationW, auto);
    return [height[0], width[0], height[1], width[1]];
  }
  if (auto !== "NOTSET") throw node.invalid(`has auto_pad "${auto}", which ONNX does not know`);
  const pads = node.ints("pads") ?? [0, 0, 0, 0];
  if (pads.length !== 4) throw node.invalid(`has ${pads.length} pads where 4 are needed`);
  if (pads.some((pad) => pad < 0)) throw node.unsupported(`has negative pads [${pads}]`, "crop with a Slice instead");
  return pads as Pads;
}

/** Pads that make the output as long as input / stride, rounded up; the odd one goes to the end for SAME_UPPER. */
function samePads(length: number, kernel: number, stride: number, dilation: number, auto: string): [number, number] {
  const output = Math.ceil(length / stride);
  const total = Math.max((output - 1) * stride + dilation * (kernel - 1) + 1 - length, 0);
  const small = Math.floor(total / 2);
  return auto === "SAME_UPPER" ? [small, total - small] : [total - small, small];
}

function pair(node: OnnxNode, name: string, values: readonly number[]): [number, number] {
  if (values.length !== 2 || values.some((value) => value < 1)) {
    throw node.unsupported(`has ${name} [${values}]`, "only two-dimensional windows are supported, with sizes of at least 1");
  }
  return [values[0] as number, values[1] as number];
}
