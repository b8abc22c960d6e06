// Grows a float graph as an importer would make it: real weights, batch-norms as affines, signs as binarize nodes. Binary
// layers have weights of two values per filter; that they are binary is found by the same passes as in a conversion.
// Without random numbers only the structure is made, and the list of layers.
import type { Attributes, OpName, Window } from "../graph/attributes.ts";
import { countElements, countWords, type Graph, type Node, type Numbers, type Preprocess, type Shape } from "../graph/graph.ts";
import type { LayerKind } from "../ops/layer-kind.ts";
import type { Type } from "../ops/op.ts";
import { inferNode } from "../ops/table.ts";
import { type BinaryWeights, drawWeights, type Filters, weigh } from "./draw-weights.ts";
import type { Random } from "./random.ts";
import { added, joined, mapStatistics, pooledAverage, pooledMaximum, rectified, type Statistics, signed, standard } from "./statistics.ts";

/** A value of the growing graph. */
export interface Signal {
  index: number;
  /** For a batch of 1. */
  shape: Shape;
  statistics: Statistics;
}

/** A conv2d or dense layer. */
export interface Layer {
  name: string;
  kind: LayerKind;
  macs: number;
  weights: number;
  /** Elements that it reads. */
  inputs: number;
  /** About what it takes in a file. */
  bytes: number;
}

export interface ConvOptions {
  kind: LayerKind;
  filters: number;
  kernel: number;
  stride?: number;
  pads?: number;
  /** Adds a random bias; batch-norms make it needless. */
  hasBias?: boolean;
  groups?: number;
  /** A blur; default: random numbers. */
  weights?: Float32Array;
}

const FLOATS = { inputKind: "float", inputScale: 1, inputZeroPoint: 0, padValue: 0 } as const;

/** Keeps a channel that never changes from being divided by nothing. */
const EPSILON = 1e-5;

export class Net {
  readonly layers: Layer[] = [];
  readonly #graph: Graph<Numbers>;
  readonly #random: Random | undefined;
  readonly #binaryWeights: BinaryWeights;

  constructor(name: string, random: Random | undefined, binaryWeights: BinaryWeights) {
    this.#graph = { name, values: [], nodes: [], inputs: [], outputs: [], metadata: { labels: [], entries: {} } };
    this.#random = random;
    this.#binaryWeights = binaryWeights;
  }

  input(channels: number, size: number): Signal {
    this.#graph.values.push({ name: "image", type: "f32", shape: [-1, channels, size, size] });
    this.#graph.inputs.push(0);
    return { index: 0, shape: [1, channels, size, size], statistics: standard(channels) };
  }

  finish(output: Signal, preprocess: Preprocess, training: string): Graph<Numbers> {
    const graph = this.#graph;
    graph.outputs.push(output.index);
    Object.assign(graph.values[output.index] ?? {}, { name: "scores" });
    graph.metadata = { ...graph.metadata, preprocess, producer: "hybit zoo", training };
    return graph;
  }

  conv(name: string, x: Signal, { kind, filters, kernel, stride = 1, pads = 0, hasBias, groups = 1, weights }: ConvOptions): Signal {
    const inChannels = x.shape[1] as number;
    const shape = { filters, taps: kernel ** 2, channels: inChannels / groups, groups };
    const { data, bias, statistics } = this.#weights(shape, kind, x, hasBias, weights);
    const window = square(kernel, stride, pads);
    const y = this.#add(
      name,
      "conv2d",
      { ...FLOATS, inChannels, outChannels: filters, groups, window, weights: { kind: "float", data, bias } },
      [x],
      statistics,
    );
    this.#record(name, kind, shape, x, y);
    return y;
  }

  dense(name: string, x: Signal, { kind, filters, hasBias }: Pick<ConvOptions, "kind" | "filters" | "hasBias">): Signal {
    const inFeatures = x.shape[1] as number;
    const shape = { filters, taps: 1, channels: inFeatures, groups: 1 };
    const { data, bias, statistics } = this.#weights(shape, kind, x, hasBias);
    const { padValue: _, ...floats } = FLOATS;
    const y = this.#add(name, "dense", { ...floats, inFeatures, outFeatures: filters, weights: { kind: "float", data, bias } }, [x], statistics);
    this.#record(name, kind, shape, x, y);
    return y;
  }

  /** Batch-norm as it is after training: the value's own statistics, and a scale and shift near 1 and 0. */
  norm(name: string, x: Signal): Signal {
    const { means, variances } = x.statistics;
    const gammas = Float64Array.from(means, () => this.#draw(0.8, 1.2));
    const betas = Float64Array.from(means, () => this.#draw(-0.2, 0.2));
    const scale = Float32Array.from(gammas, (gamma, c) => gamma / Math.sqrt((variances[c] as number) + EPSILON));
    const bias = Float32Array.from(betas, (beta, c) => beta - (means[c] as number) * (scale[c] as number));
    return this.#add(name, "affine", { scale, bias }, [x], { means: betas, variances: gammas.map((gamma) => gamma ** 2) });
  }

  /** The sign of every element. */
  sign(name: string, x: Signal): Signal {
    return this.#add(name, "binarize", {}, [x], mapStatistics(x.statistics, signed));
  }

  /** ReActNet's sign: a shift per channel, learnt to put about half of the elements on either side. */
  shiftedSign(name: string, x: Signal): Signal {
    const { means, variances } = x.statistics;
    const scale = new Float32Array(means.length).fill(1);
    const bias = Float32Array.from(means, (mean, c) => this.#draw(-0.2, 0.2) * Math.sqrt(variances[c] as number) - mean);
    const shifted = { means: Float64Array.from(means, (mean, c) => mean + (bias[c] as number)), variances };
    return this.sign(name, this.#add(`${name}.shift`, "affine", { scale, bias }, [x], shifted));
  }

  relu(name: string, x: Signal): Signal {
    return this.#add(name, "activation", { kind: "relu", alpha: 0, beta: 0 }, [x], mapStatistics(x.statistics, rectified));
  }

  add(name: string, a: Signal, b: Signal): Signal {
    return this.#add(name, "elementwise", { kind: "add" }, [a, b], added(a.statistics, b.statistics));
  }

  /** Channels side by side. */
  concat(name: string, parts: readonly Signal[]): Signal {
    return this.#add(name, "concat", { axis: 1 }, parts, joined(parts.map(({ statistics }) => statistics)));
  }

  maxpool(name: string, x: Signal, window: Window): Signal {
    return this.#add(name, "maxpool", { window, ceilMode: false }, [x], mapStatistics(x.statistics, pooledMaximum(window.kernelH)));
  }

  /** Odd sizes are rounded up, as by a padded convolution of the same stride. */
  avgpool(name: string, x: Signal, window: Window): Signal {
    const statistics = mapStatistics(x.statistics, pooledAverage(window.kernelH));
    return this.#add(name, "avgpool", { window, ceilMode: true, countIncludePad: false }, [x], statistics);
  }

  /** The mean of every channel, as [N,C]. */
  globalpool(name: string, x: Signal): Signal {
    const statistics = mapStatistics(x.statistics, pooledAverage(x.shape[2] as number));
    return this.flatten(`${name}.flatten`, this.#add(name, "globalpool", { kind: "average" }, [x], statistics));
  }

  /** A border of `value` around the pixels. */
  pad(name: string, x: Signal, pixels: number, value: number): Signal {
    const sides = [0, 0, pixels, pixels];
    return this.#add(name, "pad", { before: sides, after: sides, value }, [x], x.statistics);
  }

  flatten(name: string, x: Signal): Signal {
    const pixels = countElements(x.shape.slice(2));
    const spread = (list: Float64Array) => Float64Array.from({ length: list.length * pixels }, (_, i) => list[Math.floor(i / pixels)] as number);
    const statistics = { means: spread(x.statistics.means), variances: spread(x.statistics.variances) };
    return this.#add(name, "reshape", { shape: [-1, countElements(x.shape)] }, [x], statistics);
  }

  #add<K extends OpName>(name: string, op: K, attrs: Attributes<Numbers>[K], inputs: readonly Signal[], statistics: Statistics): Signal {
    const index = this.#graph.values.length;
    const node = { name, op, attrs, inputs: inputs.map((input) => input.index), outputs: [index] } as Node<Numbers>;
    const { shape } = inferNode(
      node,
      inputs.map((input): Type => ({ type: "f32", shape: input.shape })),
    );
    this.#graph.nodes.push(node);
    this.#graph.values.push({ name: `${name}.out`, type: op === "binarize" ? "bits" : "f32", shape: [-1, ...shape.slice(1)] });
    return { index, shape, statistics };
  }

  #weights(shape: Filters, kind: LayerKind, x: Signal, hasBias = false, given?: Float32Array) {
    const random = this.#random;
    if (random === undefined) return { data: new Float32Array(0), bias: undefined, statistics: standard(shape.filters) };
    const data = given ?? drawWeights(random, shape, kind === "FPrec" ? "float" : this.#binaryWeights);
    const statistics = weigh(data, shape, x.statistics, given !== undefined);
    const bias = hasBias ? Float32Array.from({ length: shape.filters }, () => this.#draw(-0.1, 0.1)) : undefined;
    return { data, bias, statistics };
  }

  #record(name: string, kind: LayerKind, { filters, taps, channels }: Filters, x: Signal, y: Signal): void {
    const weights = filters * taps * channels;
    const words = kind === "FPrec" ? weights : filters * taps * countWords(channels);
    // A scale and a bias, or a threshold, per filter.
    const levels = kind === "FPrec" ? filters : 2 * filters;
    const macs = countElements(y.shape) * taps * channels;
    this.layers.push({ name, kind, macs, weights, inputs: countElements(x.shape), bytes: 4 * (words + levels) });
  }

  #draw(low: number, high: number): number {
    return this.#random?.float(low, high) ?? 0;
  }
}

export function square(kernel: number, stride: number, pads = 0): Window {
  return {
    kernelH: kernel,
    kernelW: kernel,
    strideH: stride,
    strideW: stride,
    dilationH: 1,
    dilationW: 1,
    padTop: pads,
    padLeft: pads,
    padBottom: pads,
    padRight: pads,
  };
}
