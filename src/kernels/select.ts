// Which kernel a conv2d or dense layer gets. Everything is known when a plan is made; the reason is printed with it.
import type { LayerAttrs } from "../graph/attributes.ts";

export interface Choice {
  /** A row of src/kernels/table.ts. */
  kernel: string;
  why: string;
  variant: Variant;
}

export type Variant =
  | "reference"
  | "im2row"
  | "rowlut"
  | "direct"
  | "depthwise"
  | "popcount"
  | "bitslice"
  | "dot"
  | "bytelut"
  | "lut5"
  | "winograd"
  | "pairs";

/** What selection looks at. */
export interface Request {
  op: "conv2d" | "dense";
  attrs: LayerAttrs<unknown>;
  /** One channel in, few out, per group. */
  isDepthwise: boolean;
  /** A family whose memory is planned with the layer, and that the layer fits. */
  fitting?: Variant;
  /** A dense layer of many filters, and of no more inputs than bit-sliced counts can hold. */
  isWide?: boolean;
  kernels: "auto" | "reference";
  simd: boolean;
}

/** Register tiles, as in the kernels' names. */
const TILES: Partial<Record<Variant, string>> = {
  im2row: "_4x2",
  popcount: "_4x2",
  bitslice: "_1x128",
  direct: "_2x16",
  dot: "_2x4",
  lut5: "_64x1",
  winograd: "_4x8",
  pairs: "_4x8",
};

export function selectKernel(request: Request): Choice {
  const { op, attrs } = request;
  const typeOf = (isBinary: boolean) => (isBinary ? "b1" : "f32");
  const input = attrs.inputKind === "int8" ? "i8" : typeOf(attrs.inputKind === "binary");
  const operands = input + typeOf(attrs.weights.kind !== "float") + typeOf(attrs.thresholds !== undefined);
  const types = operands === "f32f32f32" ? "f32" : operands;
  const [variant, why] = chooseVariant(request);
  const tile = variant === "rowlut" ? (input === "i8" ? "_1x32" : "_1x16") : (TILES[variant] ?? "");
  return { kernel: `${op}_${types}_${variant}${tile}`, why, variant };
}

function chooseVariant({ op, attrs, isDepthwise, isWide, fitting, kernels, simd }: Request): [Variant, string] {
  const isBinaryInput = attrs.inputKind === "binary";
  const isBinaryWeights = attrs.weights.kind !== "float";
  if (kernels === "reference") return ["reference", "asked for"];
  if (isBinaryInput) {
    if (!isBinaryWeights) return ["direct", "bits x f32"];
    if (simd && fitting) return [fitting, "bits x bits, many pixels"];
    if (simd && isWide) return ["bitslice", "bits x bits, many filters"];
    return [op === "dense" ? "popcount" : "im2row", "bits x bits"];
  }
  const types = `${attrs.inputKind === "int8" ? "int8" : "f32"} x ${isBinaryWeights ? "bits" : "f32"}`;
  if (simd && fitting === "pairs") return [fitting, `${types}, as i16`];
  if (attrs.inputKind === "int8" && !isBinaryWeights) return ["reference", `the only kernel for ${types} here`];
  if (op === "dense") return [isBinaryWeights ? "bytelut" : "dot", types];
  if (isDepthwise && attrs.inputKind === "float") return ["depthwise", `${types}, one channel and few filters a group`];
  if (simd && fitting === "winograd") return [fitting, `${types}, 3x3 at stride 1`];
  return [isBinaryWeights ? "rowlut" : "direct", types];
}
