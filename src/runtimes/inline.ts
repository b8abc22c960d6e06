// Kernels as text inside the bundle: works wherever wasm may be compiled at run time.
import scalar from "../../build/wasm/scalar.wasm";
import simd from "../../build/wasm/simd.wasm";
import { LoadError } from "../graph/errors.ts";
import type { Build } from "./door.ts";

/** Compile one build; "auto" takes SIMD when this host compiles it. Throws LoadError "no-wasm". */
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

/** Compile a module from base64. */
export async function compileText(base64: string): Promise<WebAssembly.Module> {
  return WebAssembly.compile(decode(base64));
}

/** Newer hosts decode base64 themselves, and so does Node's Buffer: ten times as fast as the loop, which takes 3 ms of a cold start. */
function decode(base64: string): Uint8Array<ArrayBuffer> {
  type Bytes = Uint8Array<ArrayBuffer>;
  if ("fromBase64" in Uint8Array) return (Uint8Array.fromBase64 as (text: string) => Bytes)(base64);
  if ("Buffer" in globalThis) return (globalThis.Buffer as { from(text: string, encoding: string): Bytes }).from(base64, "base64");
  const letters = atob(base64);
  const bytes = new Uint8Array(letters.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = letters.charCodeAt(i);
  return bytes;
}
