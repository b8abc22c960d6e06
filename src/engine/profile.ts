// Times a plan step by step. A step's cost is the median over runs, so one interruption does not count.
import type { OpName } from "../graph/attributes.ts";
import type { Plan } from "./plan.ts";
import type { Session } from "./session.ts";

export interface LayerProfile {
  node: string;
  op: OpName;
  kernel: string;
  /** Median milliseconds of one call. */
  ms: number;
  macs: number;
}

/** `inputs` are written before every run: steps may work in place. */
export function profileSteps(session: Session, plan: Plan, inputs: readonly Float32Array[], runs: number, warmup: number): LayerProfile[] {
  const times = new Map(plan.steps.map((step) => [step, [] as number[]]));
  for (let run = -warmup; run < runs; run++) {
    session.write(plan, inputs);
    let before = performance.now();
    for (const step of session.run(plan)) {
      const now = performance.now();
      if (run >= 0) times.get(step)?.push(now - before);
      before = now;
    }
  }
  return [...times].map(([{ node, op, kernel, macs }, numbers]) => ({ node, op, kernel, ms: median(numbers), macs }));
}

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] as number) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
