// Cuts a batch into parts that run one after the other. Layer by layer over a large batch, activations leave the caches before they are
// read again; image by image, weights do. Results are the same: a batch is cut only if its images never meet.
import type { Graph } from "../graph/graph.ts";
import { spell } from "../ops/require.ts";
import type { Plan } from "./plan.ts";
import { inferTypes } from "./planner.ts";

/** Activations of a part stay within this, or within half of the weights if that is more. Measured: docs/performance.md, Batches. */
const CACHE_BYTES = 2 ** 20;

/** More than a batch has. */
const ALL = 2 ** 30;

/** Return how many images of batches like this one may run at once; `one` is the plan of a single image. */
export function countAtOnce(graph: Graph, batch: number, one: Plan, dataBytes: number): number {
  const atOnce = Math.max(CACHE_BYTES, dataBytes / 2) / (one.arenaBytes + one.scratchBytes);
  return isPerImage(graph, batch) ? Math.max(1, Math.floor(atOnce)) : ALL;
}

/** True if the batch is the first axis of every value, and of nothing else, and no op looks along it. */
function isPerImage(graph: Graph, batch: number): boolean {
  return (
    graph.nodes.every(({ attrs }) => (attrs as { axis?: number }).axis !== 0) &&
    inferTypes(graph, batch).every(({ shape }, index) => {
      const value = graph.values[index] as Graph["values"][number];
      return value.constant || spell(shape) === spell([batch, ...value.shape.slice(1)]);
    })
  );
}
