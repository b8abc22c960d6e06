// Loads a model on shared memory with helper threads, or, where the host has no such thing, as hybit itself does.
import threadsWasm from "../../build/wasm/threads.wasm";
import { instantiateKernels, type Kernels } from "../engine/instantiate.ts";
import { type LoadOptions, MAX_MEMORY, prepareModel } from "../engine/load.ts";
import { Model } from "../engine/model.ts";
import type { Plan, Step } from "../engine/plan.ts";
import type { Source } from "../format/source.ts";
import { PlanError } from "../graph/errors.ts";
import { KERNELS } from "../kernels/table.ts";
import { compileText } from "../runtimes/base64.ts";
import { compileKernels } from "../runtimes/inline.ts";
import { type Host, Pool } from "./pool.ts";

/** Options of `loadModel` of hybit/threads. */
export interface ThreadOptions extends LoadOptions {
  /** How many threads run a layer; "auto": one a core, 8 at most. Default 1. */
  threads?: number | "auto";
}

/** More share no layer well, and each costs a stack and scratch. */
const MOST_THREADS = 32;
const MOST_AUTO_THREADS = 8;

/** Below so much work a call is over before helpers have noticed it. */
const LEAST_MACS = 100_000;
const LEAST_BYTES = 131_072;

/** More than the statics of any build need. */
const FIRST_PAGES = 16;
const PAGE_BYTES = 65536;
const CONTROL_ALIGNMENT = 64;

/** A loaded model whose layers are shared by several threads. */
export class ThreadedModel extends Model {
  /** How many threads run it; 1 where the host has no shared memory or no workers. */
  readonly threads: number;
  readonly #pool: Pool | undefined;

  constructor(pool: Pool | undefined, ...prepared: ConstructorParameters<typeof Model>) {
    super(...prepared);
    this.#pool = pool;
    this.threads = pool?.threads ?? 1;
  }

  /** Let go of the engine and its memory, and end its threads. */
  override dispose(): void {
    super.dispose();
    this.#pool?.end();
  }
}

/** Load a model with helpers started by `host`. Steps are shared when they have LEAST_MACS, or an operand of `leastBytes`. */
export async function loadThreaded(source: Source, options: ThreadOptions, host: Host, leastBytes = LEAST_BYTES): Promise<ThreadedModel> {
  const { threads = 1, maxMemory = MAX_MEMORY } = options;
  const wanted = threads === "auto" ? Math.min(host.cores, MOST_AUTO_THREADS) : threads;
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > MOST_THREADS) {
    throw new PlanError("invalid", `threads is ${threads}; it must be a whole number from 1 to ${MOST_THREADS}, or "auto"`);
  }
  const shared = wanted > 1 ? await startPool(wanted, maxMemory, host, leastBytes).catch(() => undefined) : undefined;
  try {
    const kernels = shared?.kernels ?? (await instantiateKernels(await compileKernels()));
    return new ThreadedModel(shared?.pool, ...(await prepareModel(kernels, source, options)));
  } catch (error) {
    shared?.pool.end();
    throw error;
  }
}

/** Start a pool of `threads`; rejects when the host cannot have two. */
async function startPool(threads: number, maxMemory: number, host: Host, leastBytes: number): Promise<{ pool: Pool; kernels: Kernels }> {
  const module = await compileText(threadsWasm);
  const maximum = Math.min(65536, Math.max(FIRST_PAGES, Math.ceil(maxMemory / PAGE_BYTES)));
  const memory = new WebAssembly.Memory({ initial: FIRST_PAGES, maximum, shared: true });
  const instance = await instantiateKernels(module, { env: { memory } });
  const control = Math.ceil(instance.heapBase / CONTROL_ALIGNMENT) * CONTROL_ALIGNMENT;
  const pool = new Pool(module, instance, control);
  await pool.start(host, { module, memory, control }, threads - 1);
  if (pool.threads === 1) throw new Error("no helper could start");

  const splitting = new Set(KERNELS.filter(({ splits }) => splits).map(({ name }) => name));
  const isWorthSharing = ({ values }: Plan, { macs, inputs, outputs }: Step) =>
    macs >= LEAST_MACS || [inputs[0], outputs[0]].some((index) => (values[index as number]?.bytes ?? 0) >= leastBytes);
  const find = (name: string, plan?: Plan, step?: Step) =>
    plan && step && splitting.has(name) && isWorthSharing(plan, step) ? pool.share(name) : instance.find(name);
  const heapBase = control + (instance.find("pool_bytes") as () => number)();
  return { pool, kernels: { ...instance, memory, heapBase, threads: pool.threads, find } };
}
