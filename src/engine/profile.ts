// Times a plan step by step. A step's cost is the median over runs, so one interruption does not count.
import type { OpName } from "../graph/attributes.ts";
import type { BoundPlan, Session } from "./session.ts";

export interface LayerProfile {
  node: string;
  op: OpName;
  kernel: string;
  /** Median milliseconds of one call. */
  ms: number;
  macs: number;
}

/** `inputs` are written before every run: steps may work in place. */
export function profileSteps(
  session: Session,
  { plan, steps }: BoundPlan,
  inputs: readonly Float32Array[],
  runs: number,
  warmup: number,
): LayerProfile[] {
  const timed = steps.map((bound) => ({ ...bound, times: [] as number[] }));
  for (let i = -warmup; i < runs; i++) {
    session.write(plan, inputs);
    let before = performance.now();
    for (const { run, times } of timed) {
      run();
      const now = performance.now();
      if (i >= 0) times.push(now - before);
      before = now;
    }
  }
  return timed.map(({ step: { node, op, kernel, macs }, times }) => ({ node, op, kernel, ms: median(times), macs }));
}

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] as number) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
