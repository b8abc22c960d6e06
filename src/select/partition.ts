// Which layers keep real inputs, given a score each: Hybrid Binary Networks (Prabhu et al., WACV 2018), section 3.2. K-means with more and
// more clusters, until the top one holds few enough layers.
import { kmeans1d } from "./kmeans.ts";

export interface PartitionOptions {
  /** R: the largest share of the layers that may keep real inputs. */
  ratio: number;
  /** What the share is of; default: the number of scores. */
  total?: number;
  /** Clusters whose layers are taken, from the top: 1, or 2 for the paper's Hybrid-1. Default 1. */
  tops?: number;
}

export interface Partition {
  /** P, the number of clusters. */
  clusters: number;
  /** Per score; 0 is the lowest. */
  clusterOf: number[];
  /** Indices of the scores taken. */
  chosen: number[];
}

/**
 * Partition layers by score. Where even the highest score alone exceeds the ratio, as with few layers, it is taken nevertheless; where there are
 * no more different scores than `tops`, nothing tells layers apart and none is taken.
 */
export function partition(scores: readonly number[], { ratio, total = scores.length, tops = 1 }: PartitionOptions): Partition {
  const different = new Set(scores).size;
  if (different <= tops) return { clusters: different, clusterOf: kmeans1d(scores, different), chosen: [] };
  for (let clusters = tops + 1; ; clusters++) {
    const clusterOf = kmeans1d(scores, clusters);
    const chosen = scores.map((_, index) => index).filter((index) => (clusterOf[index] as number) >= clusters - tops);
    if (chosen.length <= ratio * total || clusters === different) return { clusters, clusterOf, chosen };
  }
}

/** The guideline of the released networks: as many layers from the end of the network, whose scores are mostly the highest. */
export function takeTail(count: number, layers: number): number[] {
  return Array.from({ length: count }, (_, index) => layers - count + index);
}
