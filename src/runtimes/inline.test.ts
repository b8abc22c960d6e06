import assert from "node:assert/strict";
import { test } from "node:test";
import { compileKernels } from "./inline.ts";

test("kernels are decoded by whatever the host has", async () => {
  const { Buffer } = globalThis;
  const modules = [compileKernels("scalar")];
  // Decoding is over when the call returns.
  Object.assign(Uint8Array, { fromBase64: (text: string) => new Uint8Array(Buffer.from(text, "base64")) });
  modules.push(compileKernels("scalar"));
  Reflect.deleteProperty(Uint8Array, "fromBase64");
  Reflect.deleteProperty(globalThis, "Buffer");
  modules.push(compileKernels("scalar"), compileKernels());
  globalThis.Buffer = Buffer;
  for (const module of modules) {
    const { exports } = await WebAssembly.instantiate(await module);
    assert.equal(typeof exports.crc32, "function");
  }
});
