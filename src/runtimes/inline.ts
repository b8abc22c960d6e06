// Kernels as bytes inside the bundle: works wherever wasm may be compiled at run time.
import scalar from "../../build/wasm/scalar.wasm";
import simd from "../../build/wasm/simd.wasm";
import { LoadError } from "../graph/errors.ts";

export type Build = "simd" | "scalar";

/** Compile one build; "auto" takes SIMD when this host validates it. Throws LoadError "no-wasm". */
export async function compileKernels(build: "auto" | Build = "auto"): Promise<WebAssembly.Module> {
  const bytes = build === "scalar" || (build === "auto" && !WebAssembly.validate(simd as BufferSource)) ? scalar : simd;
  try {
    return await WebAssembly.compile(bytes as BufferSource);
  } catch (error) {
    throw new LoadError(
      "no-wasm",
      `this host refused to compile the kernels (${error instanceof Error ? error.message : error}); ` +
        "on Cloudflare Workers import hybit/wasm/simd.wasm and pass it to loadModel of hybit/core as { module }",
    );
  }
}
