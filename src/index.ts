// The run side, kernels included: Node, Deno, Bun, browsers.
import type { Model } from "./engine/model.ts";
import type { Source } from "./format/source.ts";
import { type InlineOptions, loadInto } from "./runtimes/door.ts";
import { compileKernels } from "./runtimes/inline.ts";

export * from "./core.ts";
export type { Build, InlineOptions } from "./runtimes/door.ts";
export { compileKernels } from "./runtimes/inline.ts";

/**
 * Load a .hybit model from bytes, a Blob, a Response, a stream or a URL.
 * Throws LoadError (the file cannot be used) or PlanError (it does not fit shapes or memory limits).
 */
export function loadModel(source: Source, options: InlineOptions = {}): Promise<Model> {
  return loadInto(compileKernels, source, options);
}
