// Which kernel a conv2d or dense layer gets. Everything is known when a plan is made; the reason is printed with it.
import type { LayerAttrs } from "../graph/attributes.ts";

export interface Choice {
  /** A row of src/kernels/table.ts. */
  kernel: string;
  why: string;
  variant: Variant;
  /** All that can run the layer. */
  candidates: string[];
}

/** Families of kernels, and the register tiles that end their names. */
const TILES = {
  reference: "",
  im2row: "_4x2",
  lut5: "_64x1",
  popcount: "_4x2",
  bitslice: "_1x128",
  rowlut: "_1x16",
  bytelut: "",
  direct: "_2x16",
  winograd4: "_4x8",
  winograd7: "_4x8",
  pairs: "_4x8",
  dot: "_2x4",
  depthwise: "",
} as const;

export type Variant = keyof typeof TILES;

/** For those who ask for a family. */
export const VARIANTS = Object.keys(TILES) as Variant[];

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
  /** See PrepareContext. */
  kernels: string;
  simd: boolean;
}

export function selectKernel(request: Request): Choice {
  const { op, attrs, kernels } = request;
  const typeOf = (isBinary: boolean) => (isBinary ? "b1" : "f32");
  const input = attrs.inputKind === "int8" ? "i8" : typeOf(attrs.inputKind === "binary");
  const operands = input + typeOf(attrs.weights.kind !== "float") + typeOf(attrs.thresholds !== undefined);
  const types = operands === "f32f32f32" ? "f32" : operands;
  const options = listVariants(request).map(([variant, why]) => {
    const tile = variant === "rowlut" && input === "i8" ? "_1x32" : TILES[variant];
    return { kernel: `${op}_${types}_${variant}${tile}`, why, variant };
  });
  const asked = options.find(({ kernel, variant }) => kernel === kernels || variant === kernels);
  const choice = asked ? { ...asked, why: "asked for" } : (options[0] as Omit<Choice, "candidates">);
  return { ...choice, candidates: options.map(({ kernel }) => kernel) };
}

/** List what can run the layer, with a reason, the best first. */
function listVariants({ op, attrs, isDepthwise, isWide, fitting, simd }: Request): [Variant, string][] {
  const { inputKind } = attrs;
  const isBinaryWeights = attrs.weights.kind !== "float";
  const types = `${inputKind === "binary" ? "bits" : inputKind === "int8" ? "int8" : "f32"} x ${isBinaryWeights ? "bits" : "f32"}`;
  const found: [Variant, string][] = [];
  const offer = (isFit: unknown, variant: Variant, reason = "") => isFit && found.push([variant, types + reason]);

  offer(isDepthwise && inputKind === "float", "depthwise", ", few filters");
  if (fitting) offer(simd || fitting === "rowlut", fitting, ", by shape");
  offer(simd && isWide && types === "bits x bits", "bitslice", ", many filters");
  offer(types === "bits x bits", op === "dense" ? "popcount" : "im2row");
  offer(op === "dense" && isBinaryWeights && inputKind !== "binary", "bytelut");
  if (!isBinaryWeights && inputKind !== "int8") offer(true, op === "dense" ? "dot" : "direct");
  offer(true, "reference", ", naive");
  return found;
}
