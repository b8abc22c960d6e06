// Runs a model in several workers, each with a copy of it: items are shared among them, not layers (src/threads does that).
// Needs no shared memory. A worker that stops costs the item it was at; another takes its place.
import type { Inputs, Tensors } from "../engine/model.ts";
import { type LoadCode, LoadError, type PlanCode, PlanError, type RunCode, RunError } from "../graph/errors.ts";
import type { Answer, Failed, Item, ModelInfo, Start, WorkerOptions } from "./messages.ts";

/** A worker as the host starts it. */
export interface WorkerHandle {
  post(message: Start | Item): void;
  /** Whether the process must live on for it. */
  hold(isBusy: boolean): void;
  end(): void;
}

/** What the pool cannot know of where it runs. */
export interface WorkerHost {
  /** Workers that run at the same time. */
  cores: number;
  /** Start a worker that calls openWorker. `onEnd` says that it has stopped, and why, unless it was told to. */
  start(onAnswer: (answer: Answer) => void, onEnd: (why: string) => void): WorkerHandle;
}

/** Options of `createPool`; the others are those of `loadModel`. */
export interface PoolOptions extends WorkerOptions {
  /** How many workers; "auto" (default): one a core, 8 at most. */
  size?: number | "auto";
}

/** Options of `ModelPool.run`. */
export interface RunOptions {
  signal?: AbortSignal;
}

/** Options of `ModelPool.map`. */
export interface MapOptions extends RunOptions {
  /** How many items may be on their way at once: taken and not yet given back. Default: 4 a worker. */
  concurrency?: number;
}

/** What became of the item at `index`: outputs, or the error that it alone has met. */
export type Mapped = { index: number; outputs: Tensors; error?: undefined } | { index: number; outputs?: undefined; error: Error };

const MOST_WORKERS = 64;
const MOST_AUTO_WORKERS = 8;
/** Items a worker has at once: it runs one while the next arrives. */
const DEPTH = 2;
const ITEMS_PER_WORKER = 2 * DEPTH;

interface Job {
  inputs: Inputs;
  resolve(outputs: Tensors): void;
  reject(error: Error): void;
}

interface Seat {
  worker: WorkerHandle;
  /** What it has been given, in order; it is at the first. */
  jobs: Job[];
}

/** A model in several workers, made by `createPool`; dispose of it to end them. */
export class ModelPool {
  readonly #host: WorkerHost;
  readonly #start: Start;
  readonly #seats: Seat[] = [];
  #waiting: Job[] = [];
  #info: ModelInfo | undefined;
  #isDisposed = false;
  /** Workers that have not loaded the model yet. */
  #starting = 0;
  /** Why there are no workers, once none could be started again. */
  #lost: Error | undefined;

  private constructor(host: WorkerHost, start: Start) {
    this.#host = host;
    this.#start = start;
  }

  /** Start the workers and wait until all have loaded the model. */
  static async open(host: WorkerHost, start: Start, size: number): Promise<ModelPool> {
    const pool = new ModelPool(host, start);
    try {
      const infos = Array.from({ length: size }, () => pool.#addWorker());
      pool.#info = (await Promise.all(infos))[0];
      return pool;
    } catch (error) {
      pool.dispose();
      throw error;
    }
  }

  /** Name, inputs, outputs, metadata and build of the model, as of a `Model`. */
  get model(): ModelInfo {
    return this.#info as ModelInfo;
  }

  /** Workers that take items now. */
  get size(): number {
    return this.#seats.length;
  }

  /**
   * Compute all outputs of one item, or of a batch, in the next worker that is free. Inputs are copied as they are sent. Rejects with RunError: those of
   * `Model.run`, "aborted" when `signal` fires, "worker-lost" when the worker that was at it stopped.
   */
  async run(inputs: Inputs, { signal }: RunOptions = {}): Promise<Tensors> {
    if (this.#isDisposed) throw disposed();
    if (this.#lost) throw this.#lost;
    if (signal?.aborted) throw aborted();
    let onAbort = () => {};
    const result = new Promise<Tensors>((resolve, reject) => {
      const job = { inputs, resolve, reject };
      onAbort = () => {
        this.#waiting = this.#waiting.filter((other) => other !== job);
        reject(aborted());
      };
      this.#waiting.push(job);
    });
    signal?.addEventListener("abort", onAbort);
    this.#feed();
    return result.finally(() => signal?.removeEventListener("abort", onAbort));
  }

  /**
   * Run all items, and give back their results in order. Takes no more than `concurrency` items ahead of what has been given back. An item's
   * error is in its result and ends nothing. Throws RunError "aborted" when `signal` fires.
   */
  async *map(items: AsyncIterable<Inputs> | Iterable<Inputs>, options: MapOptions = {}): AsyncGenerator<Mapped, void> {
    const { concurrency = ITEMS_PER_WORKER * this.size, signal } = options;
    if (!Number.isInteger(concurrency) || concurrency < 1) {
      throw new PlanError("invalid", `concurrency is ${concurrency}; it must be a whole number from 1`);
    }
    const source = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
    const pending: Promise<Mapped>[] = [];
    let next: Promise<IteratorResult<Inputs>> | undefined;
    let hasMore = true;
    let taken = 0;
    let onAbort = () => {};
    const abort = new Promise<never>((_, reject) => {
      onAbort = () => reject(aborted());
    });
    abort.catch(() => {});
    signal?.addEventListener("abort", onAbort);
    if (signal?.aborted) onAbort();
    try {
      while (hasMore || pending.length > 0) {
        if (hasMore && pending.length < concurrency) next ??= Promise.resolve(source.next());
        const events = [abort, ...(next ? [next.then(() => next)] : []), ...pending.slice(0, 1)];
        const event = await Promise.race<IteratorResult<Inputs> | Mapped | undefined>(events);
        if (event && "index" in event) {
          pending.shift();
          yield event;
        } else if (event?.done) {
          hasMore = false;
          next = undefined;
        } else if (event) {
          const index = taken++;
          next = undefined;
          pending.push(
            this.run(event.value, { signal }).then(
              (outputs): Mapped => ({ index, outputs }),
              (error: Error): Mapped => ({ index, error }),
            ),
          );
        }
      }
    } finally {
      signal?.removeEventListener("abort", onAbort);
      // A source that hangs is not waited for.
      if (hasMore) void Promise.resolve(source.return?.()).catch(() => {});
    }
  }

  /** End the workers; what was on its way and every later call is rejected with RunError "disposed". */
  dispose(): void {
    this.#isDisposed = true;
    const jobs = [...this.#seats.flatMap((seat) => seat.jobs), ...this.#waiting];
    for (const { worker } of this.#seats.splice(0)) worker.end();
    this.#waiting = [];
    for (const job of jobs) job.reject(disposed());
  }

  /** `dispose`, for `using`. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  /** Start a worker; it takes items as soon as it has loaded the model. */
  #addWorker(): Promise<ModelInfo> {
    this.#starting++;
    const started = new Promise<ModelInfo>((resolve, reject) => {
      const seat: Seat = { jobs: [], worker: this.#host.start(onAnswer.bind(this), onEnd.bind(this)) };
      seat.worker.post(this.#start);

      function onAnswer(this: ModelPool, answer: Answer): void {
        if (this.#isDisposed) {
          seat.worker.end();
          reject(disposed());
        } else if ("info" in answer) {
          this.#seats.push(seat);
          seat.worker.hold(false);
          resolve(answer.info);
        } else if (!this.#seats.includes(seat)) {
          seat.worker.end();
          reject(rebuild(answer as Failed));
        } else {
          const job = seat.jobs.shift();
          if (seat.jobs.length === 0) seat.worker.hold(false);
          if ("outputs" in answer) job?.resolve(answer.outputs);
          else job?.reject(rebuild(answer));
        }
        this.#feed();
      }

      function onEnd(this: ModelPool, why: string): void {
        const at = this.#seats.indexOf(seat);
        if (at === -1) {
          reject(new RunError("worker-lost", `a worker stopped before it had loaded the model: ${why}`));
          return;
        }
        this.#seats.splice(at, 1);
        const [lost, ...others] = seat.jobs;
        lost?.reject(new RunError("worker-lost", `the worker that ran this item stopped: ${why}; another has been started, and other items go on`));
        this.#waiting.unshift(...others);
        this.#feed();
        this.#addWorker().catch((error) => this.#giveUp(error));
      }
    });
    return started.finally(() => this.#starting--);
  }

  /** Without workers, nothing can wait. */
  #giveUp(error: Error): void {
    if (this.#seats.length > 0 || this.#starting > 0) return;
    this.#lost = error;
    for (const job of this.#waiting.splice(0)) job.reject(error);
  }

  /** Give waiting items to those who have the fewest. */
  #feed(): void {
    while (this.#waiting.length > 0) {
      const [seat] = this.#seats.toSorted((a, b) => a.jobs.length - b.jobs.length);
      if (!seat || seat.jobs.length >= DEPTH) return;
      const job = this.#waiting.shift() as Job;
      try {
        seat.worker.post(job.inputs);
        seat.worker.hold(true);
        seat.jobs.push(job);
      } catch (error) {
        job.reject(new RunError("input-type", `the inputs cannot be sent to a worker: ${error instanceof Error ? error.message : error}`));
      }
    }
  }
}

/** Start a pool on the workers of `host`. */
export async function openPool(host: WorkerHost, model: Uint8Array, { size = "auto", ...options }: PoolOptions): Promise<ModelPool> {
  const workers = size === "auto" ? Math.min(host.cores, MOST_AUTO_WORKERS) : size;
  if (!Number.isInteger(workers) || workers < 1 || workers > MOST_WORKERS) {
    throw new PlanError("invalid", `size is ${size}; it must be a whole number from 1 to ${MOST_WORKERS}, or "auto"`);
  }
  return ModelPool.open(host, { model, options }, workers);
}

/** The error as it was thrown in the worker. */
function rebuild({ failure: { name, code, message } }: Failed): Error {
  if (name === "LoadError") return new LoadError(code as LoadCode, message);
  if (name === "PlanError") return new PlanError(code as PlanCode, message);
  if (name === "RunError") return new RunError(code as RunCode, message);
  return new Error(message);
}

function aborted(): RunError {
  return new RunError("aborted", "the run was aborted by its signal");
}

function disposed(): RunError {
  return new RunError("disposed", "the pool was disposed; create another");
}
