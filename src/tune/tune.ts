// Which kernel is the fastest for each layer is a question of the machine: the kernels that can run a layer are timed on
// its own shapes, taking turns, and the winners written down. `loadModel(..., { kernels: tuning.kernels })` obeys.
import type { Model } from "../engine/model.ts";
import { median } from "../engine/profile.ts";
import { RunError } from "../graph/errors.ts";

export interface TunedLayer {
  node: string;
  /** Kernels that can run the layer with their median milliseconds, the fastest first. */
  candidates: { kernel: string; ms: number }[];
  /** What is chosen without tuning. */
  untuned: string;
}

export interface Tuning {
  /** Kernel by node: only where tuning disagrees with the static choice. */
  kernels: Record<string, string>;
  layers: TunedLayer[];
  /** Medians of the layers' times added up, milliseconds. */
  ms: { untuned: number; tuned: number };
}

export interface TuneOptions {
  /** Times each candidate is timed. Default 20. */
  runs?: number;
  warmup?: number;
  signal?: AbortSignal;
  onProgress?: (progress: { done: number; total: number }) => void;
}

/** A kernel has to win by this factor: timings are noisy and the static choice is known to be sane. */
const LEAST_GAIN = 1.03;

/** Kernels slower than the naive ones' share of patience: candidates to time are all but these. */
const NAIVE = /_reference$/;

/**
 * Time every candidate of every layer. `load` opens the model with the given kernels; all models stay loaded and take
 * turns, so that a busy machine slows all alike. Throws RunError "aborted" when `signal` fires.
 */
export async function tuneModel(load: (kernels: Record<string, string>) => Promise<Model>, options: TuneOptions = {}): Promise<Tuning> {
  const { runs = 20, warmup = 10, signal, onProgress } = options;
  const untuned = await load({});
  const steps = untuned.plan().steps.map(({ node, kernel, candidates = [] }) => {
    return { node, kernel, others: candidates.filter((name) => name !== kernel && !NAIVE.test(name)) };
  });
  const rounds = Math.max(...steps.map(({ others }) => others.length), 0);
  const models = [untuned];
  for (let round = 0; round < rounds; round++) {
    const chosen = steps.flatMap(({ node, others }) => (others[round] === undefined ? [] : [[node, others[round] as string] as const]));
    models.push(await load(Object.fromEntries(chosen)));
  }

  const times = new Map<string, number[]>();
  for (let run = -warmup; run < runs; run++) {
    for (const model of models) {
      for (const { node, kernel, ms } of model.profile({ runs: 1, warmup: 0 })) {
        const key = `${node} ${kernel}`;
        if (run >= 0) times.set(key, [...(times.get(key) ?? []), ms]);
      }
      // Gives the signal and the progress bar a turn.
      await new Promise((resolve) => setTimeout(resolve, 0));
      if (signal?.aborted) throw new RunError("aborted", "tuning was aborted by its signal");
    }
    onProgress?.({ done: run + warmup + 1, total: runs + warmup });
  }
  for (const model of models) model.dispose();
  return summarize(steps, (node, kernel) => median(times.get(`${node} ${kernel}`) ?? [0]));
}

interface Candidates {
  node: string;
  kernel: string;
  others: string[];
}

/** Choose the winners. */
export function summarize(steps: readonly Candidates[], timeOf: (node: string, kernel: string) => number): Tuning {
  const ms = { untuned: 0, tuned: 0 };
  const kernels: Record<string, string> = {};
  const layers: TunedLayer[] = [];
  for (const { node, kernel, others } of steps) {
    const candidates = [kernel, ...others].map((name) => ({ kernel: name, ms: timeOf(node, name) })).sort((a, b) => a.ms - b.ms);
    const [best] = candidates as [TunedLayer["candidates"][0]];
    const before = timeOf(node, kernel);
    const isWorthIt = best.ms * LEAST_GAIN < before;
    if (isWorthIt) kernels[node] = best.kernel;
    ms.untuned += before;
    ms.tuned += isWorthIt ? best.ms : before;
    if (others.length > 0) layers.push({ node, untuned: kernel, candidates });
  }
  return { kernels, layers, ms };
}
