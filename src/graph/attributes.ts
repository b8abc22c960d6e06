// What each op says about itself, one interface per op, named as in schema/hybit.fbs, where every field's
// order, unit and default are written. `D` is how constants are held: a Span or a typed array.

export interface Window {
  kernelH: number;
  kernelW: number;
  strideH: number;
  strideW: number;
  dilationH: number;
  dilationW: number;
  padTop: number;
  padLeft: number;
  padBottom: number;
  padRight: number;
}

export type InputKind = "float" | "binary" | "int8";
export type WeightKind = "float" | "sign" | "two-level";

export interface Weights<D> {
  kind: WeightKind;
  /** float: f32 `OHWI`; else u32 words `OHW[Iw]`. */
  data: D;
  alpha?: D;
  beta?: D;
  bias?: D;
}

/** bit = (v < value) != flip, per channel. */
export interface Thresholds<D> {
  /** i32 when v is the integer dot product (binary inputs, sign weights, no epilogue), else f32. */
  values: D;
  flips?: D;
}

/** What follows a layer's real output v; the order is that of the schema. */
export interface Epilogue<D> {
  /** True: the node's last input is added, before everything else or after it. */
  hasResidual: boolean;
  addsLast: boolean;
  slope?: D;
  /** Clips when low < high. */
  low: number;
  high: number;
  scale?: D;
  bias?: D;
}

/** An int8 output: q = clamp(round_half_even(y / scale) + zeroPoint, -128, 127). */
export interface Quantize {
  scale: number;
  /** -128 to 127. */
  zeroPoint: number;
}

export interface LayerAttrs<D> {
  inputKind: InputKind;
  /** int8 inputs only. 0: max |x| / 127 of each image in each run. */
  inputScale: number;
  /** int8 inputs only. -128 to 127, and 0 where the scale is 0. */
  inputZeroPoint: number;
  weights: Weights<D>;
  /** Present: the output is bits. */
  thresholds?: Thresholds<D>;
  epilogue?: Epilogue<D>;
  /** Present: the output is i8. */
  quantize?: Quantize;
}

export interface Conv2dAttrs<D> extends LayerAttrs<D> {
  inChannels: number;
  outChannels: number;
  groups: number;
  window: Window;
  padValue: -1 | 0 | 1;
}

export interface DenseAttrs<D> extends LayerAttrs<D> {
  inFeatures: number;
  outFeatures: number;
}

export interface Attributes<D> {
  conv2d: Conv2dAttrs<D>;
  dense: DenseAttrs<D>;
  affine: { scale: D; bias: D };
  binarize: { thresholds?: Thresholds<D> };
  unpack: Record<string, never>;
  maxpool: { window: Window; ceilMode: boolean; minMask?: D };
  avgpool: { window: Window; ceilMode: boolean; countIncludePad: boolean };
  globalpool: { kind: "average" | "max" };
  activation: { kind: ActivationKind; alpha: number; beta: number };
  prelu: { slope: D; shiftIn?: D; shiftOut?: D };
  elementwise: { kind: "add" | "mul" | "max" | "div" | "pow" };
  concat: { axis: number };
  slice: { starts: number[]; sizes: number[]; steps: number[] };
  pad: { before: number[]; after: number[]; value: number };
  transpose: { perm: number[] };
  reshape: { shape: number[] };
  softmax: { axis: number; log: boolean };
  lrn: { size: number; alpha: number; beta: number; bias: number };
  xnorscale: { window: Window };
}

export type ActivationKind =
  | "relu"
  | "clip"
  | "leaky-relu"
  | "sigmoid"
  | "tanh"
  | "hard-sigmoid"
  | "hard-swish"
  | "exp"
  | "log"
  | "sqrt"
  | "erf"
  | "floor";

export type OpName = keyof Attributes<unknown>;
