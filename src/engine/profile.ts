// Times a batch step by step, its parts together. A step's cost is the median over runs, so one interruption does not count.
import type { OpName } from "../graph/attributes.ts";
import type { BoundPlan } from "./session.ts";

/** What one step of a plan takes. */
export interface LayerProfile {
  node: string;
  op: OpName;
  kernel: string;
  /** Median milliseconds in one run. */
  ms: number;
  macs: number;
}

/** `start` begins a run of all parts, and puts its inputs in place: steps may work over them. */
export function profileSteps(start: () => Iterable<BoundPlan>, runs: number, warmup: number): LayerProfile[] {
  const layers: (Omit<LayerProfile, "ms"> & { times: number[] })[] = [];
  for (let i = -warmup; i < runs; i++) {
    for (const { steps } of start()) {
      let before = performance.now();
      steps.forEach(({ step: { node, op, kernel, macs }, run }, index) => {
        run();
        const now = performance.now();
        layers[index] ??= { node, op, kernel, macs: 0, times: [] };
        const layer = layers[index];
        if (i === 0) layer.macs += macs;
        // Runs that warm up have negative numbers, which are no elements.
        layer.times[i] = (layer.times[i] ?? 0) + now - before;
        before = now;
      });
    }
  }
  return layers.map(({ times, ...layer }) => ({ ...layer, ms: median(times) }));
}

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
}
