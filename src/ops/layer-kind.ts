// What a conv2d or dense layer is in the papers' words, and what it would weigh in floats: for reports, on either side
// of the file. Nothing that runs needs it.
import type { Conv2dAttrs, DenseAttrs, Epilogue, LayerAttrs } from "../graph/attributes.ts";

/** FPrec: real weights. WBin: weights are bits. FBin: inputs too. */
export type LayerKind = "FPrec" | "WBin" | "FBin";

export function layerKind({ weights, inputKind }: LayerAttrs<unknown>): LayerKind {
  if (weights.kind === "float") return "FPrec";
  return inputKind === "binary" ? "FBin" : "WBin";
}

/** The highest f32: as the upper end of a clip it limits nothing. */
export const NO_LIMIT = 2 ** 128 - 2 ** 104;

/** The stages of an epilogue as the ops they were. */
export function spellStages({ hasResidual, addsLast, slope, low, high, scale, bias }: Epilogue<unknown>): string[] {
  return [
    hasResidual && !addsLast && "add",
    slope !== undefined && "prelu",
    low < high && (low === 0 && high === NO_LIMIT ? "relu" : "clip"),
    (scale ?? bias) !== undefined && "affine",
    hasResidual && addsLast && "add",
  ].filter((stage) => stage !== false);
}

/** Filters, window positions per filter, and channels each position reads. */
export function filterShape(attrs: Conv2dAttrs<unknown> | DenseAttrs<unknown>): { filters: number; taps: number; channels: number } {
  return "window" in attrs
    ? { filters: attrs.outChannels, taps: attrs.window.kernelH * attrs.window.kernelW, channels: attrs.inChannels / attrs.groups }
    : { filters: attrs.outFeatures, taps: 1, channels: attrs.inFeatures };
}

/** Count the bytes of the same layer, epilogue included, with f32 weights and bias. Folding into thresholds takes the bias away; the float layer has one. */
export function countFloatBytes(attrs: Conv2dAttrs<unknown> | DenseAttrs<unknown>): number {
  const { filters, taps, channels } = filterShape(attrs);
  const hasBias = attrs.weights.bias !== undefined || attrs.thresholds !== undefined;
  const { slope, scale, bias }: Partial<Epilogue<unknown>> = attrs.epilogue ?? {};
  const perFilter = [slope, scale, bias].filter((constant) => constant !== undefined).length;
  return 4 * filters * (taps * channels + (hasBias ? 1 : 0) + perFilter);
}

/** Name the layer that a sum of layers has as its second and later: `index` counts from 2. */
export function namePlane(layer: string, index: number): string {
  return `${layer}_plane${index}`;
}

/** The name of the layer that a plane of this name would be part of. */
export function layerOfPlane(name: string): string | undefined {
  return /^(.*)_plane\d+$/.exec(name)?.[1];
}
