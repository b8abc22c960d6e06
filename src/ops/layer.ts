// What conv2d and dense have in common: their constants, their checks, and the first fields of their blocks.
import type { LayerAttrs } from "../graph/attributes.ts";
import { PlanError } from "../graph/errors.ts";
import { countElements, countWords, type Node, type NodeOf, type Shape, type Span } from "../graph/graph.ts";
import type { Param, Stored, Type } from "./op.ts";
import { storedThresholds } from "./thresholds.ts";

type LayerNode = NodeOf<"conv2d" | "dense", unknown>;

/** Mirrors LayerParams in assembly/output/layer.ts. */
export const layerBlock = {
  inputPtr: "u32",
  outputPtr: "u32",
  weightsPtr: "u32",
  alphaPtr: "u32",
  betaPtr: "u32",
  biasPtr: "u32",
  thresholdsPtr: "u32",
  flipsPtr: "u32",
  scratchPtr: "u32",
  outChannels: "u32",
  tilePixels: "u32",
} as const;

/** Products of one output: an integer dot product of this many terms, doubled, still fits into 31 bits. */
const MAX_DEPTH = 2 ** 29;
const MAX_BYTES = 2 ** 31 - 1;

/** List the constants of a layer with `taps` runs of `run` weights per filter. */
export function storedLayer<D>({ weights, thresholds }: LayerAttrs<D>, outChannels: number, taps: number, run: number): Stored<D>[] {
  const { kind, data, alpha, beta, bias } = weights;
  const list = [{ name: "weights", data, bytes: 4 * outChannels * taps * (kind === "float" ? run : countWords(run)) }];
  if (alpha !== undefined) list.push({ name: "alpha", data: alpha, bytes: 4 * outChannels });
  if (beta !== undefined) list.push({ name: "beta", data: beta, bytes: 4 * outChannels });
  if (bias !== undefined) list.push({ name: "bias", data: bias, bytes: 4 * outChannels });
  return list.concat(storedThresholds(thresholds, outChannels));
}

/** Check what does not depend on shapes but on the kinds; `depth` is the number of products of one output. */
export function checkLayer(node: LayerNode, input: Type, outChannels: number, depth: number): void {
  const { inputKind, weights } = node.attrs;
  const fail = (code: "type" | "invalid" | "unsupported" | "too-large", text: string) => {
    throw new PlanError(code, `(${node.op}) ${text}`, node.name);
  };
  if (inputKind === "int8") fail("unsupported", "int8 inputs cannot be run yet; convert the model with float inputs to this layer");
  if (inputKind === "binary" && input.type !== "bits") fail("type", "the layer wants bits but its input is f32; put a binarize node before it");
  if (inputKind === "float" && input.type !== "f32") fail("type", "the layer wants f32 but its input is bits; put an unpack node before it");
  if (weights.kind !== "float" && weights.alpha === undefined) fail("invalid", `${weights.kind} weights need alpha, which is missing`);
  if (weights.kind === "two-level" && weights.beta === undefined) fail("invalid", "two-level weights need beta, which is missing");
  if (!(depth > 0 && outChannels > 0)) fail("invalid", `a layer of ${outChannels} filters with ${depth} weights each computes nothing`);
  if (depth > MAX_DEPTH) fail("too-large", `filters of ${depth} weights are more than ${MAX_DEPTH}`);
}

/** Throw when a value of this type would not fit into 31 bits of address space. */
export function checkBytes(node: Node<unknown>, what: string, { type, shape }: Type): void {
  const channelAxis = 1;
  const words = type === "f32" ? countElements(shape) : countElements(shape.map((dim, axis) => (axis === channelAxis ? countWords(dim) : dim)));
  if (4 * words > MAX_BYTES) {
    throw new PlanError(
      "too-large",
      `(${node.op}) the ${what} of shape [${shape.join(",")}] takes ${4 * words} bytes, more than ${MAX_BYTES}`,
      node.name,
    );
  }
}

/** The first fields of a layer's parameters. */
export function layerParams(
  { weights, thresholds }: LayerAttrs<Span>,
  outChannels: number,
  tilePixels: number,
): Record<keyof typeof layerBlock, Param> {
  const isFloat = weights.kind === "float";
  return {
    inputPtr: { input: 0 },
    outputPtr: { output: 0 },
    weightsPtr: { span: weights.data },
    alphaPtr: isFloat ? 0 : { span: weights.alpha },
    betaPtr: weights.kind === "two-level" ? { span: weights.beta } : 0,
    biasPtr: { span: weights.bias },
    thresholdsPtr: { span: thresholds?.values },
    flipsPtr: { span: thresholds?.flips },
    scratchPtr: { scratch: 0 },
    outChannels,
    tilePixels,
  };
}

/** The output type of a layer. */
export function outputType(attrs: LayerAttrs<unknown>, shape: Shape): Type {
  return { type: attrs.thresholds === undefined ? "f32" : "bits", shape };
}
