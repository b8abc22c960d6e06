// The run side, kernels included: Node, Deno, Bun, browsers.
import { type LoadOptions, loadModelWith } from "./engine/load.ts";
import type { Model } from "./engine/model.ts";
import type { Source } from "./format/source.ts";
import { type Build, compileKernels } from "./runtimes/inline.ts";

export * from "./core.ts";
export type { Build } from "./runtimes/inline.ts";

export interface InlineOptions extends LoadOptions {
  /** Which kernels: "auto" (default) takes SIMD where the host has it. */
  build?: "auto" | Build;
  /** A compiled module to use instead of the one inside. */
  module?: WebAssembly.Module;
}

/**
 * Load a .hybit model from bytes, a Blob, a Response, a stream or a URL.
 * Throws LoadError (the file cannot be used) or PlanError (it does not fit shapes or memory limits).
 */
export async function loadModel(source: Source, options: InlineOptions = {}): Promise<Model> {
  return loadModelWith(options.module ?? (await compileKernels(options.build)), source, options);
}
