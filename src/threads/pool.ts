// The threads of one model: this one, and helpers in workers on the same memory. Kernels that split are shared among
// them, one call at a time; which part runs where does not change a bit of the result.
import type { Kernels } from "../engine/instantiate.ts";
import { RunError } from "../graph/errors.ts";
import { DONE, HAS_FAILED, IS_AWAITED } from "./control.ts";
import type { HelperStart } from "./serve.ts";

/** A worker that serves, once `ready` has resolved. */
export interface Helper {
  ready: Promise<unknown>;
  end(): void;
}

/** What the engine cannot know of where it runs. */
export interface Host {
  /** Threads that run at the same time. */
  cores: number;
  /** Start a worker that calls openHelper. May throw. */
  start(job: HelperStart): Helper;
}

/** Arbitrary: a helper that has not started by then is not waited for; one that cannot start says so at once. */
const START_MS = 30_000;
/** Arbitrary, but parts take equally long: a helper that has not finished its part so long after this thread did its own is lost. */
const LOST_MS = 10_000;
/** Look for so long, about, before going to sleep until helpers finish. */
const SPIN_MS = 0.1;
const CHECKS = 5000;

type Call = (...numbers: number[]) => number;

export class Pool {
  readonly #kernels: Pick<Kernels, "memory" | "find">;
  readonly #words: Int32Array;
  readonly #control: number;
  readonly #indices: Map<string, number>;
  readonly #canWait: boolean;
  readonly #lostMs: number;
  readonly #take: Call;
  readonly #finish: Call;
  readonly #post: Call;
  readonly #join: Call;
  #helpers: Helper[] = [];
  #isLost = false;

  /** Use the memory from `control` on for the control block; `kernels` is this thread's instance of `module`. */
  constructor(module: WebAssembly.Module, kernels: Pick<Kernels, "memory" | "find">, control: number, lostMs = LOST_MS) {
    this.#lostMs = lostMs;
    this.#kernels = kernels;
    this.#control = control;
    this.#words = new Int32Array(kernels.memory.buffer, control);
    this.#indices = new Map(WebAssembly.Module.exports(module).map(({ name }, index) => [name, index]));
    [this.#take, this.#finish, this.#post, this.#join] = ["take", "finish", "post", "join"].map((name) => kernels.find(`pool_${name}`) as Call) as [
      Call,
      Call,
      Call,
      Call,
    ];
    this.#canWait = canWait(kernels.memory);
  }

  /** How many threads there are. */
  get threads(): number {
    return 1 + this.#helpers.length;
  }

  /** Start helpers; those that cannot start are left out. */
  async start(host: Host, job: Omit<HelperStart, "part">, count: number): Promise<void> {
    const helpers: Helper[] = [];
    const attempts = Array.from({ length: count }, async (_, index) => {
      const helper = host.start({ ...job, part: index + 1 });
      helpers.push(helper);
      await orLate(helper.ready);
      this.#helpers.push(helper);
    });
    await Promise.allSettled(attempts);
    for (const helper of helpers) if (!this.#helpers.includes(helper)) helper.end();
  }

  /** Find a kernel; calling it shares its parts among all threads. */
  share(name: string): (params: number) => void {
    const call = this.#kernels.find(name);
    const index = this.#indices.get(name) as number;
    const parts = this.threads;
    const take = () => this.#take(this.#control, 0, 1);
    return (params) => {
      if (this.#isLost) throw lost();
      this.#post(this.#control, index, params, parts);
      let failure: unknown;
      for (let part = take(); part >= 0; part = take()) {
        try {
          if (failure === undefined) call(params, part, parts);
        } catch (error) {
          failure = error;
        }
        this.#finish(this.#control);
      }
      if (this.#join(this.#control, CHECKS) === 0) this.#joinLate();
      const hasFailed = this.#words[HAS_FAILED] === 1;
      this.#words[HAS_FAILED] = 0;
      if (failure !== undefined) throw failure;
      if (hasFailed) {
        throw new RunError("thread-lost", `a part of the kernel ${name} failed in another thread; load the model with one thread to see why`);
      }
    };
  }

  /** End all helpers. */
  end(): void {
    for (const helper of this.#helpers) helper.end();
    this.#helpers = [];
  }

  #joinLate(): void {
    const since = performance.now();
    while (this.#join(this.#control, CHECKS) === 0) {
      const ms = performance.now() - since;
      if (ms > this.#lostMs) {
        this.#isLost = true;
        this.end();
        throw lost();
      }
      if (this.#canWait && ms > SPIN_MS) this.#sleep();
    }
  }

  /** Sleep until another part is finished, or for a millisecond. */
  #sleep(): void {
    Atomics.store(this.#words, IS_AWAITED, 1);
    const done = Atomics.load(this.#words, DONE);
    if (this.#join(this.#control, 1) === 0) Atomics.wait(this.#words, DONE, done, 1);
    Atomics.store(this.#words, IS_AWAITED, 0);
  }
}

/** True unless this is the main thread of a page. */
function canWait(memory: WebAssembly.Memory): boolean {
  try {
    Atomics.wait(new Int32Array(memory.buffer), 0, 0, 0);
    return true;
  } catch {
    return false;
  }
}

/** Wait for a helper; rejects when it takes too long. */
async function orLate(ready: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise((_, reject) => {
    timer = setTimeout(reject, START_MS);
  });
  await Promise.race([ready, late]).finally(() => clearTimeout(timer));
}

function lost(): RunError {
  return new RunError("thread-lost", "one of this model's threads stopped in the middle of a layer; load the model again");
}
