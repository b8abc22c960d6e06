// loadModel of the doors that bring kernels along: they differ in where a compiled module comes from.
import { type LoadOptions, loadModelWith } from "../engine/load.ts";
import type { Model } from "../engine/model.ts";
import type { Source } from "../format/source.ts";
import { PlanError } from "../graph/errors.ts";
import { raceFamilies } from "../tune/race.ts";
import { tuneModel } from "../tune/tune.ts";

/** Builds of the kernels: with 128-bit SIMD, or for hosts without. */
export type Build = "simd" | "scalar";

/** Options of `loadModel` where the kernels are inside. */
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

/** Load a model into the module that the user or else `compile` gives, with the kernels that the options or a race choose. */
export async function loadInto(
  compile: (build?: "auto" | Build) => Promise<WebAssembly.Module>,
  source: Source,
  options: InlineOptions,
): Promise<Model> {
  const module = options.module ?? (await compile(options.build));
  const load = (kernels: LoadOptions["kernels"]) => loadModelWith(module, source, { ...options, kernels });
  if (options.kernels !== undefined || options.tune === undefined || options.tune === "off") return load(options.kernels);
  if (options.tune === "quick") return load(await raceFamilies(module));
  const isInMemory = ArrayBuffer.isView(source) || source instanceof ArrayBuffer;
  if (!isInMemory) throw new PlanError("invalid", 'tune: "full" loads the model several times; read the file first and pass its bytes');
  const { kernels } = await tuneModel(load, { signal: options.signal });
  return load(kernels);
}
