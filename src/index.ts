// The run side, kernels included: Node, Deno, Bun, browsers.
import { type LoadOptions, loadModelWith } from "./engine/load.ts";
import type { Model } from "./engine/model.ts";
import type { Source } from "./format/source.ts";
import { PlanError } from "./graph/errors.ts";
import { type Build, compileKernels } from "./runtimes/inline.ts";
import { raceFamilies } from "./tune/race.ts";
import { tuneModel } from "./tune/tune.ts";

export * from "./core.ts";
export type { Build } from "./runtimes/inline.ts";

export interface InlineOptions extends LoadOptions {
  /** Which kernels: "auto" (default) takes SIMD where the host has it. */
  build?: "auto" | Build;
  /**
   * Let this machine say which kernels are the fastest, unless `kernels` does. "quick" races the families of binary convolutions for 5 ms;
   * "full" times all that can run each layer, for seconds, and needs the file in memory (bytes). Default "off".
   */
  tune?: "off" | "quick" | "full";
  /** A compiled module to use instead of the one inside. */
  module?: WebAssembly.Module;
}

/**
 * Load a .hybit model from bytes, a Blob, a Response, a stream or a URL.
 * Throws LoadError (the file cannot be used) or PlanError (it does not fit shapes or memory limits).
 */
export async function loadModel(source: Source, options: InlineOptions = {}): Promise<Model> {
  const module = options.module ?? (await compileKernels(options.build));
  const load = (kernels: LoadOptions["kernels"]) => loadModelWith(module, source, { ...options, kernels });
  if (options.kernels !== undefined || options.tune === undefined || options.tune === "off") return load(options.kernels);
  if (options.tune === "quick") return load(await raceFamilies(module));
  const isInMemory = ArrayBuffer.isView(source) || source instanceof ArrayBuffer;
  if (!isInMemory) throw new PlanError("invalid", 'tune: "full" loads the model several times; read the file first and pass its bytes');
  const { kernels } = await tuneModel(load, { signal: options.signal });
  return load(kernels);
}
