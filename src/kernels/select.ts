// Which kernel a conv2d or dense layer gets. Everything is known when a plan is made; the reason is printed with it.
import type { LayerAttrs } from "../graph/attributes.ts";

export interface Choice {
  /** A row of src/kernels/table.ts. */
  kernel: string;
  why: string;
  variant: Variant;
}

export type Variant = "reference" | "im2row" | "lut" | "direct" | "depthwise" | "popcount" | "bitslice" | "dot" | "bytelut" | "lut5";

/** What selection looks at. */
export interface Request {
  op: "conv2d" | "dense";
  attrs: LayerAttrs<unknown>;
  /** One channel in, few out, per group. */
  isDepthwise: boolean;
  /** Pair planes suit the shape. */
  fitsPlanes?: boolean;
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
  lut: "_2x16",
  dot: "_2x4",
  lut5: "_64x1",
};

export function selectKernel(request: Request): Choice {
  const { op, attrs } = request;
  const operands = [attrs.inputKind === "binary", attrs.weights.kind !== "float", attrs.thresholds !== undefined].map((isBinary) =>
    isBinary ? "b1" : "f32",
  );
  const types = operands.every((type) => type === "f32") ? "f32" : operands.join("");
  const [variant, why] = chooseVariant(request);
  return { kernel: `${op}_${types}_${variant}${TILES[variant] ?? ""}`, why, variant };
}

function chooseVariant({ op, attrs, isDepthwise, fitsPlanes, isWide, kernels, simd }: Request): [Variant, string] {
  const isBinaryInput = attrs.inputKind === "binary";
  const isBinaryWeights = attrs.weights.kind !== "float";
  if (kernels === "reference") return ["reference", "asked for"];
  if (isBinaryInput) {
    if (!isBinaryWeights) return ["direct", "bits x f32"];
    if (simd && fitsPlanes) return ["lut5", "bits x bits, enough pixels for pair planes"];
    if (simd && isWide) return ["bitslice", "bits x bits, many filters"];
    return [op === "dense" ? "popcount" : "im2row", "bits x bits"];
  }
  const types = isBinaryWeights ? "f32 x bits" : "f32 x f32";
  if (op === "dense") return [isBinaryWeights ? "bytelut" : "dot", types];
  if (isDepthwise) return ["depthwise", `${types}, one channel and few filters a group`];
  return [isBinaryWeights ? "lut" : "direct", types];
}
