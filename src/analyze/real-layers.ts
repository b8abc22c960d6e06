// The layers of a float graph that have real weights, filter by filter.
import { PlanError } from "../graph/errors.ts";
import type { Graph, Numbers } from "../graph/graph.ts";
import { filterShape } from "../ops/layer-kind.ts";

export interface RealLayer {
  name: string;
  /** Weights of a filter. */
  depth: number;
  all: Float32Array[];
}

/** List conv2d and dense layers with real weights. Throws PlanError when there is none, and for weights that are not finite. */
export function listLayers(graph: Graph<Numbers>): RealLayer[] {
  const layers = graph.nodes.flatMap((node) => {
    if ((node.op !== "conv2d" && node.op !== "dense") || node.attrs.weights.kind !== "float") return [];
    const { filters, taps, channels } = filterShape(node.attrs);
    const data = node.attrs.weights.data as Float32Array;
    const wrong = data.findIndex((weight) => !Number.isFinite(weight));
    if (wrong >= 0) throw new PlanError("invalid", `weight ${wrong} is ${data[wrong]}; export the model again`, node.name);
    const depth = taps * channels;
    return [{ name: node.name, depth, all: Array.from({ length: filters }, (_, o) => data.subarray(o * depth, (o + 1) * depth)) }];
  });
  if (layers.length === 0)
    throw new PlanError("invalid", "no conv2d or dense layer has real weights, so there is nothing to analyze; give a float model");
  return layers;
}
