// The run side for hosts that compile no wasm at run time: Cloudflare Workers, and Vercel's edge runtime, which
// spells the import with ?module. Types and behaviour are those of src/index.ts; scripts/build.mjs makes both files.
import simd from "hybit/wasm/simd.wasm?module";
import type { Model } from "./engine/model.ts";
import type { Source } from "./format/source.ts";
import { PlanError } from "./graph/errors.ts";
import { type Build, type InlineOptions, loadInto } from "./runtimes/door.ts";

export * from "./core.ts";

/** Load a .hybit model: see src/index.ts. The SIMD kernels are the only ones here. */
export async function loadModel(source: Source, options: InlineOptions = {}): Promise<Model> {
  return loadInto(compileKernels, source, options);
}

/** The SIMD kernels, which the host has compiled. Throws PlanError for another build. */
export async function compileKernels(build: "auto" | Build = "auto"): Promise<WebAssembly.Module> {
  if (build !== "scalar") return simd;
  throw new PlanError("invalid", "this host has the simd build only; for another import hybit/wasm/scalar.wasm and pass it as { module }");
}
