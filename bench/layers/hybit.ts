// One layer as a Hybit model, in each kind a layer can have. Only the steps that belong to it are timed: what turns the
// input into bits before it and its output into floats behind it are steps of their own.
import { writeModel } from "../../src/format/write.ts";
import type { Conv2dAttrs, DenseAttrs, OpName, Weights } from "../../src/graph/attributes.ts";
import type { Graph, Numbers } from "../../src/graph/graph.ts";
import { loadModel, type Model, PlanError } from "../../src/index.ts";
import { Random } from "../../tests/support/random.ts";
import { GraphBuilder } from "../../tests/support/random-graph.ts";
import { square } from "../../tests/support/window.ts";
import type { Contestant } from "../race.ts";
import { countDepth, type LayerShape } from "./shapes.ts";

export const KINDS = ["FBin", "FBin f32", "FBin two-level", "WBin", "WBin int8", "WBin bytes", "FPrec", "FPrec int8"] as const;
/**
 * FBin: bits to bits. FBin f32: floats to floats, with the binarize before it counted. FBin two-level: bits to bits.
 * WBin: f32 to f32 with sign weights. FPrec: floats throughout. int8: the layer quantizes its f32 inputs while it packs them.
 * bytes: the same layer on int8 values.
 */
export type Kind = (typeof KINDS)[number];

/** The layer in a network of its own; `x` is f32 or int8 `NCHW`. */
export function makeLayer(kind: Kind, shape: LayerShape): Graph<Numbers> {
  const { op, inChannels, outChannels, side, kernel, stride, pads } = shape;
  const random = new Random(1);
  const builder = new GraphBuilder();
  let at = builder.input("x", op === "conv2d" ? [1, inChannels, side, side] : [1, inChannels], isByte(kind) ? "i8" : "f32");
  const isBinary = kind.startsWith("FBin");
  const isInt8 = isByte(kind) || kind.endsWith("int8");
  const toBits = kind === "FBin" || kind === "FBin two-level";
  if (isBinary) at = builder.add("binarize", {}, at);
  const layer = {
    inputKind: isBinary ? ("binary" as const) : isInt8 ? ("int8" as const) : ("float" as const),
    inputScale: isInt8 ? 1 / 127 : 1,
    inputZeroPoint: 0,
    weights: makeWeights(kind, random, outChannels, kernel ** 2, inChannels),
    thresholds: toBits ? { values: makeThresholds(kind, random, shape), flips: random.words(1, outChannels) } : undefined,
  };
  if (op === "dense") {
    const attrs: DenseAttrs<Numbers> = { ...layer, inFeatures: inChannels, outFeatures: outChannels };
    at = builder.add("dense", attrs, at);
  } else {
    const attrs: Conv2dAttrs<Numbers> = { ...layer, inChannels, outChannels, groups: 1, window: square(kernel, stride, pads), padValue: 0 };
    at = builder.add("conv2d", attrs, at);
  }
  if (toBits) at = builder.add("unpack", {}, at);
  builder.output(at);
  return builder.graph;
}

function isByte(kind: Kind): boolean {
  return kind.endsWith("bytes");
}

function makeWeights(kind: Kind, random: Random, filters: number, taps: number, channels: number): Weights<Numbers> {
  if (kind.startsWith("FPrec")) return { kind: "float", data: random.floats(filters * taps * channels) };
  const bits = { data: random.words(filters * taps, channels), alpha: random.floats(filters, 0.1, 1) };
  return kind === "FBin two-level" ? { kind: "two-level", ...bits, beta: random.floats(filters, -1, -0.1) } : { kind: "sign", ...bits };
}

/** Near the middle of what the sums reach, so that bits are mixed. */
function makeThresholds(kind: Kind, random: Random, shape: LayerShape): Numbers {
  const spread = Math.sqrt(countDepth(shape));
  if (kind === "FBin two-level") return random.floats(shape.outChannels, -spread, spread);
  return Int32Array.from({ length: shape.outChannels }, () => Math.round(random.float(-spread, spread)));
}

export interface HybitLayer extends Contestant {
  kind: Kind;
  model: Model;
  /** The layer's own kernel. */
  kernel: string;
}

/** Load the layer and warm its operands; undefined when this build of Hybit cannot run the kind. */
export async function openLayer(kind: Kind, shape: LayerShape): Promise<HybitLayer | undefined> {
  const counted: OpName[] = kind === "FBin f32" ? [shape.op, "binarize"] : [shape.op];
  try {
    const model = await loadModel(writeModel(makeLayer(kind, shape)), { checkFinite: false });
    const length = shape.inChannels * shape.side ** 2;
    const floats = new Random(2).floats(length);
    const inputs = { x: isByte(kind) ? Int8Array.from(floats, (x) => 127 * x) : floats };
    const run = () => {
      const steps = model.profile({ inputs, runs: 1, warmup: 0 });
      return steps.reduce((sum, { op, ms }) => sum + (counted.includes(op) ? ms : 0), 0);
    };
    const kernel = model.plan().steps.find(({ op }) => op === shape.op)?.kernel ?? "";
    return { kind, name: `hybit ${kind}`, model, kernel, run };
  } catch (error) {
    if (error instanceof PlanError) return undefined;
    throw error;
  }
}
