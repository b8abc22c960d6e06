// Networks of the literature with seeded random weights: for benchmarks and tests, which need their shapes and not
// their accuracy. They go through the passes of a conversion, so they are stored as trained ones would be.
import type { Int8Layers } from "../binarize/int8-inputs.ts";
import { hybridize, PASSES } from "../binarize/passes.ts";
import { PlanError } from "../graph/errors.ts";
import { countPlanes, type Graph, type Numbers } from "../graph/graph.ts";
import { alexnet, alexnet2012 } from "./alexnet.ts";
import { cifarvgg } from "./cifarvgg.ts";
import type { BinaryWeights } from "./draw-weights.ts";
import { googlenet } from "./googlenet.ts";
import { type Layer, Net } from "./net.ts";
import { type LastWeights, lastKindOf, type Variant, type ZooNet } from "./plan.ts";
import { quicknet } from "./quicknet.ts";
import { Random } from "./random.ts";
import { resnet18 } from "./resnet18.ts";
import { resnet18He } from "./resnet18-he.ts";
import { sketchanet } from "./sketchanet.ts";
import { squeezenet } from "./squeezenet.ts";

/** Builders of well-known networks, by name. */
export const ZOO = {
  alexnet,
  "alexnet-2012": alexnet2012,
  cifarvgg,
  googlenet,
  quicknet,
  resnet18,
  "resnet18-he": resnet18He,
  sketchanet,
  squeezenet,
} as const;

/** Name of a network that `buildZoo` makes. */
export type ZooName = keyof typeof ZOO;

/** Which variant of a network is built, and its sizes. */
export interface ZooOptions {
  variant: Variant;
  /** What the last layer's weights are, in all variants but fprec; default "real". */
  last?: LastWeights;
  /** The same seed gives the same net; default 1. */
  seed?: number;
  /** Default: the net's own. */
  classes?: number;
  /** Pixels of a side; default: the net's own. */
  size?: number;
  /** Divides the channels of every layer but the last; default 1. */
  divider?: number;
  /** What the weights of binary layers are; default "sign". */
  weights?: BinaryWeights;
  /** Which layers read real inputs as int8, at the scale of each run; default "none". */
  int8?: "none" | Int8Layers;
  /** Called before each step. */
  onProgress?: (progress: { step: string; done: number; total: number }) => void;
}

/** 1 GiB of floats. */
const MAX_WEIGHTS = 2 ** 28;

/** Build a network with random weights. */
export function buildZoo(name: ZooName, options: ZooOptions): Graph<Numbers> {
  const show = (step: string, done: number) => options.onProgress?.({ step, done, total: PASSES.length + 1 });
  const weights = measureZoo(name, options).reduce((sum, layer) => sum + layer.weights, 0);
  if (weights > MAX_WEIGHTS) throw new PlanError("too-large", `it would have ${weights} weights; choose a smaller size or a larger divider`);
  show("draw weights", 0);
  const { graph } = grow(name, options, new Random(options.seed ?? 1));
  return hybridize(graph, { int8: options.int8, onPass: (step, index) => show(step, index + 1) }).graph;
}

/** List the conv2d and dense layers of a network without drawing its weights. */
export function measureZoo(name: ZooName, options: Omit<ZooOptions, "seed">): Layer[] {
  return grow(name, options, undefined).layers;
}

function grow(name: ZooName, { variant, last = "real", seed = 1, weights = "sign", divider = 1, ...wanted }: ZooOptions, random: Random | undefined) {
  const zooNet: ZooNet = ZOO[name];
  if (!zooNet.variants.includes(variant))
    throw new PlanError("unsupported", `${name} has no variant ${variant}; choose one of ${zooNet.variants.join(", ")}`);
  const { size = zooNet.size, classes = zooNet.classes } = wanted;
  const { channels, normalize } = zooNet;
  const net = new Net(`${name}-${variant}`, random, weights);
  const image = net.input(countPlanes({ channels }), size);
  const width = (full: number) => Math.max(1, Math.round(full / divider));
  const output = zooNet.build(net, image, { variant, last: lastKindOf(variant, last), size, classes, width });
  const graph = net.finish(output, { width: size, height: size, channels, ...normalize, resize: "cover" }, `none: random weights of seed ${seed}`);
  return { graph, layers: net.layers };
}
