// What conv2d and dense have in common: their constants, their checks, and the first fields of their blocks.
import type { Epilogue, LayerAttrs, Quantize } from "../graph/attributes.ts";
import { countElements, type Shape, type Span } from "../graph/graph.ts";
import { type Choice, type Request, selectKernel } from "../kernels/select.ts";
import { INPUT_TO_OUTPUT, type Param, type PrepareContext, type StepDraft, type Stored, type Type } from "./op.ts";
import { demand, requireInput, requireShape } from "./require.ts";
import { perChannel, storedThresholds } from "./stored.ts";
import { planTile } from "./tile.ts";

/** Products of one output: an integer dot product of this many terms, doubled, still fits into 31 bits. */
const MAX_DEPTH = 2 ** 29;

/** The same where terms are differences of two int8. */
const MAX_INT8_DEPTH = 2 ** 23;

/** How many weights a layer has. */
export interface Filters {
  outChannels: number;
  groups: number;
  taps: number;
  /** Weights of a tap: input channels of a group. */
  run: number;
}

/** True when binary inputs meet sign weights and nothing follows: thresholds compare the integer dot product. */
export function hasIntegerSums({ inputKind, weights, epilogue }: LayerAttrs<unknown>): boolean {
  return inputKind === "binary" && weights.kind === "sign" && !epilogue;
}

/** List the constants of a layer. */
export function storedLayer<D>(attrs: LayerAttrs<D>, { outChannels, taps, run }: Filters): Stored<D>[] {
  const { kind, data, alpha, beta, bias } = attrs.weights;
  const { slope, scale, bias: outBias }: Partial<Epilogue<D>> = attrs.epilogue ?? {};
  const constants = { alpha, beta, bias, slope, "output scale": scale, "output bias": outBias };
  return [
    { name: "weights", data, type: kind === "float" ? "f32" : "bits", length: run, runs: outChannels * taps },
    ...Object.entries(constants).map(([name, constant]) => perChannel(name, constant, outChannels)),
    ...storedThresholds(attrs.thresholds, outChannels, hasIntegerSums(attrs) ? "i32" : "f32"),
  ];
}

/** Check what does not depend on shapes but on the kinds. */
export function checkLayer(attrs: LayerAttrs<unknown>, inputs: readonly Type[], { taps, run }: Filters): void {
  const { inputKind, inputScale: scale, inputZeroPoint: zero, weights, quantize } = attrs;
  const isInt8 = inputKind === "int8";
  requireInput(inputs, 0, inputKind === "binary" ? "bits" : isInt8 && scale > 0 ? "f32 or i8" : "f32");
  const isComplete = weights.kind === "float" || (weights.alpha && (weights.kind === "sign" || weights.beta));
  demand(isComplete, "invalid", `its ${weights.kind} weights lack alpha or beta; convert the model again`);
  const depth = taps * run;
  const most = isInt8 ? MAX_INT8_DEPTH : MAX_DEPTH;
  demand(depth <= most, "too-large", `has filters of ${depth} weights but ${most} is the most`);
  if (isInt8) checkGrid(scale, zero, scale === 0 && zero === 0);
  if (quantize) checkGrid(quantize.scale, quantize.zeroPoint);
}

/** An int8 grid has a scale, unless each run finds one. */
function checkGrid(scale: number, zero: number, isFound = false): void {
  const isGrid = isFound || (scale > 0 && Number.isFinite(scale) && zero >= -128 && zero <= 127);
  demand(isGrid, "invalid", `has int8 scale ${scale} and zero point ${zero}; convert the model again`);
}

/** Check the residual against the output; returns the output's type. */
export function outputType(attrs: LayerAttrs<unknown>, inputs: readonly Type[], shape: Shape): Type {
  if (attrs.epilogue?.hasResidual) requireShape(inputs, inputs.length - 1, shape, "residual");
  return { type: attrs.thresholds ? "bits" : attrs.quantize ? "i8" : "f32", shape };
}

/** Choose the kernel of a layer and draft its call; `pixels` are of one image, or rows, `outWidth` of them in a line. */
export function draftLayer(
  attrs: LayerAttrs<Span>,
  { outChannels, groups, taps, run }: Filters,
  { inputs, output, kernels, simd }: PrepareContext,
  request: Pick<Request, "op" | "isDepthwise" | "isWide" | "fitting">,
  pixels: number,
  outWidth: number,
): StepDraft & Choice {
  const { weights, thresholds, epilogue, inputScale, inputZeroPoint, quantize } = attrs;
  const { scale: outGridScale = 0, zeroPoint: outGridZeroPoint = 0 }: Partial<Quantize> = quantize ?? {};
  const choice = selectKernel({ ...request, attrs, kernels, simd });
  const { pixels: tilePixels, bytes: threadBytes } = planTile(choice.variant, { pixels, outWidth, taps, run, filters: outChannels / groups });
  const { hasResidual, addsLast, slope, low = 0, high = 0, scale, bias }: Partial<Epilogue<Span>> = epilogue ?? {};
  const params: Record<string, Param> = {
    ...INPUT_TO_OUTPUT,
    weightsPtr: { span: weights.data },
    alphaPtr: { span: weights.kind === "float" ? undefined : weights.alpha },
    betaPtr: { span: weights.kind === "two-level" ? weights.beta : undefined },
    biasPtr: { span: weights.bias },
    thresholdsPtr: { span: thresholds?.values },
    flipsPtr: { span: thresholds?.flips },
    scratchPtr: { scratch: 0 },
    outChannels,
    tilePixels,
    threadBytes,
    hasEpilogue: Number(!!epilogue),
    residualPtr: hasResidual ? { input: inputs.length - 1 } : 0,
    addsLast: Number(!!addsLast),
    slopePtr: { span: slope },
    low: { f32: low },
    high: { f32: high },
    outScalePtr: { span: scale },
    outBiasPtr: { span: bias },
    inputScale: { f32: inputScale },
    inputZeroPoint,
    inputElemBytes: inputs[0].type === "i8" ? 1 : 4,
    outGridScale: { f32: outGridScale },
    outGridZeroPoint,
  };
  return { ...choice, params, macs: countElements(output.shape) * taps * run, threadBytes };
}
