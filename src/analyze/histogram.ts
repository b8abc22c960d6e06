// How the weights of a layer are spread, and where the levels of its binary forms lie in that.
import { approximateBySign, approximateByTwoLevels } from "../binarize/approximate.ts";
import type { Graph, Numbers } from "../graph/graph.ts";
import { listLayers } from "./real-layers.ts";

const BINS = 60;

/** Bins reach this many root mean squares to each side; what lies beyond counts in the last ones. */
const REACH = 3;

export interface WeightHistogram {
  name: string;
  /** Weights from `from` + i `step` on. */
  from: number;
  step: number;
  /** Shares of the layer's weights. */
  shares: number[];
  /** Means over filters. Sign's two are -alpha and alpha. */
  levels: { alpha: number; low: number; high: number };
}

/** Sort the weights of every conv2d and dense layer with real weights into bins. Throws PlanError when there is none. */
export function binWeights(graph: Graph<Numbers>): WeightHistogram[] {
  return listLayers(graph).map(({ name, all }) => {
    const count = all.reduce((sum, filter) => sum + filter.length, 0);
    const squares = all.reduce((sum, filter) => sum + filter.reduce((total, w) => total + w * w, 0), 0);
    const reach = REACH * Math.sqrt(squares / count) || 1;
    const step = (2 * reach) / BINS;
    const shares = new Array<number>(BINS).fill(0);
    for (const filter of all) {
      for (const weight of filter) {
        const bin = Math.max(0, Math.min(BINS - 1, Math.floor((weight + reach) / step)));
        shares[bin] = (shares[bin] as number) + 1 / count;
      }
    }
    const meanOf = (level: (filter: Float32Array) => number) => all.reduce((sum, filter) => sum + level(filter), 0) / all.length;
    const levels = {
      alpha: meanOf((filter) => approximateBySign(filter).high),
      low: meanOf((filter) => approximateByTwoLevels(filter).low),
      high: meanOf((filter) => approximateByTwoLevels(filter).high),
    };
    return { name, from: -reach, step, shares, levels };
  });
}
