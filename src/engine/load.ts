// From a model file and a compiled module to a runnable model.

import { type Progress, readModelFile, type Source } from "../format/source.ts";
import { PlanError } from "../graph/errors.ts";
import { instantiateKernels, type Kernels } from "./instantiate.ts";
import { LinearMemory } from "./memory.ts";
import { Model } from "./model.ts";
import type { KernelChoice } from "./planner.ts";
import { Session } from "./session.ts";

/** Options that every `loadModel` has. */
export interface LoadOptions {
  /** Batch of the plan made at load; other batches are planned when they arrive. Default 1. */
  batch?: number;
  /** Refuse inputs, and outputs, that are NaN or infinite. Default true. */
  checkFinite?: boolean;
  /**
   * Which kernels run, where there is a choice. "auto" (default): the static choice. "reference": the naive ones, slow, for comparing.
   * Another word: that family where it fits, e.g. "im2row". An object: kernels by node, as `hybit tune` finds them.
   */
  kernels?: KernelChoice;
  /** Limit for linear memory (weights and activations), bytes. Default 512 MiB. */
  maxMemory?: number;
  signal?: AbortSignal;
  /** Told of every chunk that was read, with bytes so far and in all. */
  onProgress?: (progress: Progress) => void;
}

export const MAX_MEMORY = 512 * 2 ** 20;

/**
 * Load a model into its own instance of `module`. The file is read as a stream: weights go straight into linear
 * memory. Throws LoadError or PlanError; nothing is left behind then.
 */
export async function loadModelWith(module: WebAssembly.Module, source: Source, options?: LoadOptions): Promise<Model> {
  return new Model(...(await prepareModel(await instantiateKernels(module), source, options)));
}

/** Read a model into the memory of `kernels`; returns what makes it a Model. */
export async function prepareModel(instance: Kernels, source: Source, options: LoadOptions = {}): Promise<ConstructorParameters<typeof Model>> {
  const { batch = 1, checkFinite = true, kernels = "auto", maxMemory = MAX_MEMORY, signal, onProgress } = options;
  if (!Number.isInteger(batch) || batch < 1) throw new PlanError("invalid", `batch is ${batch}; it must be a whole number from 1`);

  let memory: LinearMemory | undefined;
  const graph = await readModelFile(source, { signal, onProgress, maxMemory }, instance.checks, (dataBytes) => {
    memory = new LinearMemory(instance.memory, instance.heapBase, dataBytes, maxMemory);
    return memory.view(memory.dataBase, dataBytes);
  });
  const session = new Session(graph, instance, memory as LinearMemory, { kernels, maxMemory, checkFinite });
  return [graph, session, instance.simd ? "simd" : "scalar", batch];
}
