// The run side without kernels inside: you pass the WebAssembly.Module. For Cloudflare Workers and every host
// that wants to import or compile the module in its own way.
import { type LoadOptions, loadModelWith } from "./engine/load.ts";
import type { Model } from "./engine/model.ts";
import type { Source } from "./format/source.ts";

export type { LoadOptions } from "./engine/load.ts";
export type { Inputs, Model, TensorInfo, Tensors } from "./engine/model.ts";
export type { Plan, PlannedValue, Step } from "./engine/plan.ts";
export type { LayerProfile } from "./engine/profile.ts";
export { type Ranked, topK } from "./engine/top-k.ts";
export type { Progress, Source } from "./format/source.ts";
export { type LoadCode, LoadError, type PlanCode, PlanError, type RunCode, RunError } from "./graph/errors.ts";
export type { ElementType, Metadata, Preprocess, Shape } from "./graph/graph.ts";

/** Load a .hybit model; `module` is hybit/wasm/simd.wasm or scalar.wasm, compiled. Throws LoadError, PlanError. */
export function loadModel(source: Source, options: LoadOptions & { module: WebAssembly.Module }): Promise<Model> {
  return loadModelWith(options.module, source, options);
}
