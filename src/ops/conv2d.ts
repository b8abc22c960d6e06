// Convolution: float or binary inputs x float, sign or two-level weights, to f32 or, through thresholds, to bits.
import type { Attributes } from "../graph/attributes.ts";
import { PlanError } from "../graph/errors.ts";
import { countElements, type NodeOf } from "../graph/graph.ts";
import { selectKernel } from "../kernels/select.ts";
import { countTaps } from "./border.ts";
import { checkBytes, checkLayer, layerBlock, layerParams, outputType, storedLayer } from "./layer.ts";
import type { PrepareContext, StepDraft, Stored, Type } from "./op.ts";
import { requireFloat, requireRank, spell } from "./require.ts";
import { planTile } from "./tile.ts";
import { outputSize, windowBlock, windowParams } from "./window.ts";

export const block = {
  ...layerBlock,
  scalePtr: "u32",
  tapCountsPtr: "u32",
  batch: "u32",
  inChannels: "u32",
  inHeight: "u32",
  inWidth: "u32",
  outHeight: "u32",
  outWidth: "u32",
  groups: "u32",
  ...windowBlock,
  padValue: "i32",
} as const;

/** Window fields beyond this would overflow the kernels' 32-bit coordinates. */
const MAX_WINDOW = 2 ** 20;

/** Filters per channel beyond which packing a channel once for all of them beats the depthwise kernels. */
const MAX_MULTIPLIER = 4;

export function stored<D>(attrs: Attributes<D>["conv2d"]): Stored<D>[] {
  const { kernelH, kernelW } = attrs.window;
  return storedLayer(attrs, attrs.outChannels, kernelH * kernelW, attrs.inChannels / attrs.groups);
}

export function infer(node: NodeOf<"conv2d", unknown>, inputs: readonly Type[]): Type[] {
  const { attrs } = node;
  const { inChannels, outChannels, groups, window } = attrs;
  const fail = (code: "shape" | "invalid" | "unsupported", text: string) => {
    throw new PlanError(code, `(conv2d) ${text}`, node.name);
  };
  const input = requireRank(node, inputs, 0, 4);
  const [batch, channels, height, width] = input.shape as [number, number, number, number];
  if (!(groups > 0) || inChannels % groups !== 0 || outChannels % groups !== 0) {
    fail("invalid", `${groups} groups do not divide ${inChannels} input and ${outChannels} output channels`);
  }
  if (channels !== inChannels) {
    fail(
      "shape",
      `input is ${spell(input.shape)} but the filters expect ${inChannels} channels; the model was probably cut before its concat or has another layout`,
    );
  }
  checkLayer(node, input, outChannels, (inChannels / groups) * window.kernelH * window.kernelW);
  if (attrs.padValue !== 0 && attrs.inputKind !== "binary") fail("invalid", `real inputs are padded with 0, not with ${attrs.padValue}`);
  if (Object.values(window).some((value) => value > MAX_WINDOW)) fail("unsupported", `a window field is larger than ${MAX_WINDOW}`);

  const [outHeight, outWidth] = outputSize(node, window, height, width);
  const output = outputType(attrs, [batch, outChannels, outHeight, outWidth]);
  checkBytes(node, "input", input);
  checkBytes(node, "output", output);
  checkBytes(node, "weights", {
    type: attrs.weights.kind === "float" ? "f32" : "bits",
    shape: [outChannels, inChannels / groups, window.kernelH, window.kernelW],
  });
  if (inputs.length > 1) {
    const scale = requireFloat(node, inputs, 1);
    const wanted = spell([batch, 1, outHeight, outWidth]);
    if (spell(scale.shape) !== wanted) fail("shape", `the per-pixel scale is ${spell(scale.shape)} but the output needs ${wanted}`);
    if (attrs.thresholds !== undefined && attrs.inputKind === "binary" && attrs.weights.kind === "sign") {
      fail("invalid", "thresholds of integers cannot follow a per-pixel scale; convert the layer with f32 output and a binarize after it");
    }
  }
  return [output];
}

export function prepare(node: NodeOf<"conv2d">, { inputs, outputs, kernels, read }: PrepareContext): StepDraft {
  const { attrs } = node;
  const { inChannels, outChannels, groups, window, padValue } = attrs;
  const [batch, , inHeight, inWidth] = (inputs[0] as Type).shape as [number, number, number, number];
  const [, , outHeight, outWidth] = (outputs[0] as Type).shape as [number, number, number, number];
  const { kernelH, kernelW } = window;
  const inPerGroup = inChannels / groups;
  const { kernel, why, variant } = selectKernel({
    op: "conv2d",
    attrs,
    isDepthwise: inPerGroup === 1 && outChannels / groups <= MAX_MULTIPLIER,
    kernels,
  });
  const tile = planTile(variant, { pixels: outHeight * outWidth, outWidth, taps: kernelH * kernelW, run: inPerGroup, filters: outChannels / groups });
  // A stride that leaves a rest may never reach the padding; the table is small, so that is not looked into.
  const isPadded = window.padTop + window.padLeft + window.padBottom + window.padRight > 0;
  const needsTapCounts = variant === "im2row" && isPadded && padValue === 0;
  return {
    kernel,
    why,
    macs: countElements((outputs[0] as Type).shape) * inPerGroup * kernelH * kernelW,
    params: {
      ...layerParams(attrs, outChannels, tile.pixels),
      scalePtr: inputs.length > 1 ? { input: 1 } : 0,
      tapCountsPtr: needsTapCounts ? { table: 0 } : 0,
      batch,
      inChannels,
      inHeight,
      inWidth,
      outHeight,
      outWidth,
      groups,
      ...windowParams(window),
      padValue,
    },
    tables: needsTapCounts ? [countTaps(read(attrs.weights.data), outChannels, kernelH, kernelW)] : [],
    scratchBytes: tile.bytes,
  };
}
