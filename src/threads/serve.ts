// What a helper thread does until it is ended: instantiate the module on the shared memory, and take parts of jobs.

import { HAS_FAILED, KERNEL, LEFT, PARAMS, PARTS, SLEEPERS } from "./control.ts";

/** What a helper needs. Plain data, so that it can be posted to a worker. */
export interface HelperStart {
  module: WebAssembly.Module;
  memory: WebAssembly.Memory;
  /** Address of the control block, assembly/threads/pool.ts. */
  control: number;
  /** The part of every job that it takes first; the thread that posts takes part 0. */
  part: number;
}

interface PoolExports {
  pool_take(control: number, own: number, checks: number): number;
  pool_finish(control: number): void;
}

/** How long a helper looks for the next job before it sleeps: waking takes longer than most layers (docs/performance.md). */
const SPIN_MS = 1;
/** Looks between two looks at the clock: some microseconds. */
const CHECKS = 5000;

/** Instantiate; the result serves for ever, and returns only by an exception. */
export async function openHelper({ module, memory, control, part: own }: HelperStart): Promise<() => never> {
  const { exports } = await WebAssembly.instantiate(module, { env: { memory } });
  const calls = WebAssembly.Module.exports(module).map(({ name }) => exports[name] as (...numbers: number[]) => number);
  const { pool_take: take, pool_finish: finish } = exports as unknown as PoolExports;
  const words = new Int32Array(memory.buffer, control);
  return () => {
    for (let idleSince = performance.now(); ; ) {
      const part = take(control, own, CHECKS);
      if (part >= 0) {
        try {
          calls[words[KERNEL] as number]?.(words[PARAMS] as number, part, words[PARTS] as number);
        } catch {
          words[HAS_FAILED] = 1;
        }
        finish(control);
        idleSince = performance.now();
      } else if (performance.now() - idleSince > SPIN_MS) {
        Atomics.add(words, SLEEPERS, 1);
        Atomics.wait(words, LEFT, 0);
        Atomics.sub(words, SLEEPERS, 1);
        idleSince = performance.now();
      }
    }
  };
}
