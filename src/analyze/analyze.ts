// What binary weights would lose, and two levels gain, layer by layer. Reads weights only.

import { approximateByPlanes, approximateBySign, approximateByTwoLevels } from "../binarize/approximate.ts";
import { PlanError } from "../graph/errors.ts";
import type { Graph, Numbers } from "../graph/graph.ts";
import { filterShape } from "../ops/layer-kind.ts";
import { countSignResponses, countTwoLevelResponses } from "./responses.ts";

export interface LayerAnalysis {
  name: string;
  filters: number;
  /** Weights of a filter. */
  depth: number;
  /** Share of the weights' squares that is lost: sum over filters of squared error / sum of w^2. */
  lost: { sign: number; twoLevel: number; planes2: number; planes3: number };
  /** How much of what sign loses two levels keep: 1 - twoLevel / sign. */
  gain: number;
  /** K/n, the share of weights at the higher of two levels: mean over filters, and standard deviation. */
  high: { mean: number; deviation: number };
  /** Mean over filters of E (w - mean)^3 / sigma^3; filters whose weights are all equal count as 0. */
  skew: number;
  /** Different answers to binary inputs, weighed by how often they come; mean over filters. */
  responses: { sign: number; twoLevel: number };
}

/** Analyze every conv2d and dense layer with real weights. Throws PlanError when there is none, and for weights that are not finite. */
export function analyzeWeights(graph: Graph<Numbers>): LayerAnalysis[] {
  const layers = graph.nodes.flatMap((node) => {
    if ((node.op !== "conv2d" && node.op !== "dense") || node.attrs.weights.kind !== "float") return [];
    const { filters, taps, channels } = filterShape(node.attrs);
    const data = node.attrs.weights.data as Float32Array;
    const wrong = data.findIndex((weight) => !Number.isFinite(weight));
    if (wrong >= 0) throw new PlanError("invalid", `weight ${wrong} is ${data[wrong]}; export the model again`, node.name);
    return [analyzeLayer(node.name, data, filters, taps * channels)];
  });
  if (layers.length === 0)
    throw new PlanError("invalid", "no conv2d or dense layer has real weights, so there is nothing to analyze; give a float model");
  return layers;
}

function analyzeLayer(name: string, data: Float32Array, filters: number, depth: number): LayerAnalysis {
  const all = Array.from({ length: filters }, (_, filter) => data.subarray(filter * depth, (filter + 1) * depth));
  const power = data.reduce((sum, w) => sum + w * w, 0);
  const lostBy = (errorOf: (filter: Float32Array) => number) => (power === 0 ? 0 : all.reduce((sum, filter) => sum + errorOf(filter), 0) / power);
  const twoLevels = all.map(approximateByTwoLevels);
  const lost = {
    sign: lostBy((filter) => approximateBySign(filter).squaredError),
    twoLevel: power === 0 ? 0 : twoLevels.reduce((sum, { squaredError }) => sum + squaredError, 0) / power,
    planes2: lostBy((filter) => approximateByPlanes(filter, 2).squaredError),
    planes3: lostBy((filter) => approximateByPlanes(filter, 3).squaredError),
  };
  const highs = twoLevels.map(({ mask }) => mask.reduce((left, bit) => left - bit, depth));
  const shares = highs.map((high) => high / depth);
  const share = mean(shares);
  return {
    name,
    filters,
    depth,
    lost,
    gain: lost.sign === 0 ? 0 : 1 - lost.twoLevel / lost.sign,
    high: { mean: share, deviation: Math.sqrt(mean(shares.map((each) => (each - share) ** 2))) },
    skew: mean(all.map(skewOf)),
    responses: { sign: countSignResponses(depth), twoLevel: mean(highs.map((high) => countTwoLevelResponses(depth, high))) },
  };
}

function skewOf(filter: Float32Array): number {
  const middle = mean(filter);
  const variance = mean(Array.from(filter, (w) => (w - middle) ** 2));
  return variance === 0 ? 0 : mean(Array.from(filter, (w) => (w - middle) ** 3)) / variance ** 1.5;
}

function mean(list: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < list.length; i++) sum += list[i] as number;
  return sum / list.length;
}
