// A model in several workers, for Node, Deno and Bun; src/pool.ts is the same for pages.
import type { Source } from "./format/source.ts";
import { readSource } from "./pool/bytes.ts";
import { nodeWorkers } from "./pool/node.ts";
import { type ModelPool, openPool, type PoolOptions } from "./pool/pool.ts";

export type { Inputs, TensorInfo, Tensors } from "./engine/model.ts";
export { LoadError, PlanError, RunError } from "./graph/errors.ts";
export type { ModelInfo } from "./pool/messages.ts";
export type { MapOptions, Mapped, ModelPool, PoolOptions, RunOptions } from "./pool/pool.ts";

/**
 * Load a .hybit model into `size` workers: see src/pool.ts.
 */
export async function createPool(source: Source, options: PoolOptions = {}): Promise<ModelPool> {
  return openPool(nodeWorkers(new URL("./pool-node-worker.js", import.meta.url)), await readSource(source), options);
}
