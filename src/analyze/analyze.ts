// What binary weights would lose, and two levels gain, layer by layer. Reads weights only.

import { approximateByPlanes, approximateBySign, approximateByTwoLevels } from "../binarize/approximate.ts";
import { PlanError } from "../graph/errors.ts";
import type { Graph, Numbers } from "../graph/graph.ts";
import { listLayers } from "./real-layers.ts";
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

/** The same of one filter; shares are of its own squares. */
export interface FilterAnalysis {
  lost: LayerAnalysis["lost"];
  gain: number;
  /** K/n. */
  high: number;
  skew: number;
}

/** Analyze every conv2d and dense layer with real weights. Throws PlanError when there is none, and for weights that are not finite. */
export function analyzeWeights(graph: Graph<Numbers>): LayerAnalysis[] {
  return listLayers(graph).map(({ name, depth, all }) => {
    const found = all.map(measureFilter);
    const power = sum(found.map((filter) => filter.power));
    const lostBy = (form: Form) => (power === 0 ? 0 : sum(found.map(({ errors }) => errors[form])) / power);
    const lost = { sign: lostBy("sign"), twoLevel: lostBy("twoLevel"), planes2: lostBy("planes2"), planes3: lostBy("planes3") };
    const share = mean(found.map(({ high }) => high / depth));
    return {
      name,
      filters: all.length,
      depth,
      lost,
      gain: gainOf(lost),
      high: { mean: share, deviation: Math.sqrt(mean(found.map(({ high }) => (high / depth - share) ** 2))) },
      skew: mean(found.map(({ skew }) => skew)),
      responses: { sign: countSignResponses(depth), twoLevel: mean(found.map(({ high }) => countTwoLevelResponses(depth, high))) },
    };
  });
}

/** Analyze the filters of one layer, in their order. Throws PlanError when no layer with real weights has that name. */
export function analyzeFilters(graph: Graph<Numbers>, name: string): FilterAnalysis[] {
  const layers = listLayers(graph);
  const layer = layers.find((other) => other.name === name);
  if (layer === undefined) {
    throw new PlanError("invalid", `there is no layer "${name}" with real weights; those are ${layers.map((other) => other.name).join(", ")}`);
  }
  return layer.all.map((filter) => {
    const { power, errors, high, skew } = measureFilter(filter);
    const share = (error: number) => (power === 0 ? 0 : error / power);
    const lost = { sign: share(errors.sign), twoLevel: share(errors.twoLevel), planes2: share(errors.planes2), planes3: share(errors.planes3) };
    return { lost, gain: gainOf(lost), high: high / layer.depth, skew };
  });
}

type Form = keyof LayerAnalysis["lost"];

interface MeasuredFilter {
  /** Sum of the weights' squares. */
  power: number;
  /** Sums of squared differences. */
  errors: Record<Form, number>;
  /** Weights at the higher of two levels. */
  high: number;
  skew: number;
}

function measureFilter(filter: Float32Array): MeasuredFilter {
  const two = approximateByTwoLevels(filter);
  return {
    power: filter.reduce((total, w) => total + w * w, 0),
    errors: {
      sign: approximateBySign(filter).squaredError,
      twoLevel: two.squaredError,
      planes2: approximateByPlanes(filter, 2).squaredError,
      planes3: approximateByPlanes(filter, 3).squaredError,
    },
    high: two.mask.reduce((left, bit) => left - bit, filter.length),
    skew: skewOf(filter),
  };
}

function gainOf({ sign, twoLevel }: LayerAnalysis["lost"]): number {
  return sign === 0 ? 0 : 1 - twoLevel / sign;
}

function skewOf(filter: Float32Array): number {
  const middle = mean(filter);
  const variance = mean(Array.from(filter, (w) => (w - middle) ** 2));
  return variance === 0 ? 0 : mean(Array.from(filter, (w) => (w - middle) ** 3)) / variance ** 1.5;
}

function mean(list: ArrayLike<number>): number {
  return sum(list) / list.length;
}

function sum(list: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < list.length; i++) total += list[i] as number;
  return total;
}
