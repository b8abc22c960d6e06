// Kernels as text inside the bundle: works wherever wasm may be compiled at run time.
import scalar from "../../build/wasm/scalar.wasm";
import simd from "../../build/wasm/simd.wasm";
import { LoadError } from "../graph/errors.ts";
import { compileText } from "./base64.ts";
import type { Build } from "./door.ts";

/** Compile one build of the kernels, to hand to several `loadModel` as `module`; "auto" takes SIMD when this host compiles it. Throws LoadError "no-wasm". */
export async function compileKernels(build: "auto" | Build = "auto"): Promise<WebAssembly.Module> {
  try {
    if (build === "auto") return await compileText(simd).catch(() => compileText(scalar));
    return await compileText(build === "simd" ? simd : scalar);
  } catch (error) {
    throw new LoadError(
      "no-wasm",
      `this host refused to compile the kernels (${error instanceof Error ? error.message : error}); ` +
        "on Cloudflare Workers import hybit/wasm/simd.wasm and pass it to loadModel of hybit/core as { module }",
    );
  }
}
