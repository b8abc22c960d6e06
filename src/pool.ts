// A model in several workers, for pages and their workers; src/pool-node.ts is the same for Node, Deno and Bun.
import type { Source } from "./format/source.ts";
import { readSource } from "./pool/bytes.ts";
import { type ModelPool, openPool, type PoolOptions } from "./pool/pool.ts";
import { webWorkers } from "./pool/web.ts";

export type { Inputs, TensorInfo, Tensors } from "./engine/model.ts";
export { LoadError, PlanError, RunError } from "./graph/errors.ts";
export type { ModelInfo } from "./pool/messages.ts";
export type { MapOptions, Mapped, ModelPool, PoolOptions, RunOptions } from "./pool/pool.ts";

/**
 * Load a .hybit model into `size` workers, each with a copy of its own: as many items at once, on as many cores, without shared memory.
 * Throws LoadError and PlanError, as `loadModel` does, and RunError "worker-lost" when a worker cannot start. Dispose of it to end the workers.
 */
export async function createPool(source: Source, options: PoolOptions = {}): Promise<ModelPool> {
  return openPool(webWorkers(new URL("./pool-worker.js", import.meta.url)), await readSource(source), options);
}
