// Times contestants in turns, so that a busy machine slows all alike. Nothing here knows what they compute.
import { summarize, type Times } from "./report/stats.ts";

export interface Contestant {
  name: string;
  /** Do the work once. May return its own milliseconds, when only a part of the work counts. */
  run(): unknown;
}

export interface RaceOptions {
  rounds: number;
  /**
   * How long a contestant's turn takes: as many calls in a row as fit, so that its operands are in its caches as they
   * would be in a loop, from 1 to 20. Default 20 ms.
   */
  turnMs?: number;
  /** Warm each contestant up for this long, twice; default 250 ms. */
  warmupMs?: number;
  /** Called before every round. */
  beforeRound?: () => void;
}

const MOST_CALLS = 20;

/** Milliseconds of each contestant, in their order. */
export async function race(contestants: readonly Contestant[], options: RaceOptions): Promise<Times[]> {
  const { rounds, turnMs = 20, warmupMs = 250, beforeRound } = options;
  for (const contestant of contestants) await warmUp(contestant, warmupMs);
  // What was compiled meanwhile, in other threads, is put to use at the next calls.
  await new Promise((resolve) => setTimeout(resolve, warmupMs));
  const turns: { contestant: Contestant; calls: number; times: number[] }[] = [];
  for (const contestant of contestants) {
    const callMs = await warmUp(contestant, warmupMs);
    turns.push({ contestant, calls: Math.max(1, Math.min(MOST_CALLS, Math.floor(turnMs / callMs))), times: [] });
  }
  for (let round = 0; round < rounds; round++) {
    beforeRound?.();
    for (const { contestant, calls, times } of turns) {
      for (let call = 0; call < calls; call++) times.push(await time(contestant));
    }
  }
  return turns.map(({ times }) => summarize(times));
}

/** Fewer calls than this leave an engine with its first, quick code; long calls are let off after eight times the time. */
const WARMUP_CALLS = 30;

/** Returns the milliseconds of a call. */
async function warmUp({ run }: Contestant, ms: number): Promise<number> {
  const start = performance.now();
  for (let calls = 1; ; calls++) {
    await run();
    const spent = performance.now() - start;
    if ((spent >= ms && calls >= WARMUP_CALLS) || spent >= 8 * ms) return spent / calls;
  }
}

async function time({ run }: Contestant): Promise<number> {
  const before = performance.now();
  const result = run();
  const own = result instanceof Promise ? await result : result;
  const whole = performance.now() - before;
  return typeof own === "number" ? own : whole;
}
