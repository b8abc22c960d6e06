// One cold start, in a process of its own: cold-child.js <engine> <file> <input>. Prints milliseconds.
import { createRequire } from "node:module";
import { join } from "node:path";
import { openOnnxRuntime } from "../peers/onnxruntime.ts";
import { readFile } from "./networks.ts";
import { makeInputs, openShipped, type Shipped } from "./shipped.ts";

const [engine, path, input] = process.argv.slice(2) as [string, string, string];
const file = readFile(path);
const ms = engine === "hybit" ? await startHybit() : await startOnnxRuntime(engine as "onnxruntime-node" | "onnxruntime-web");
process.stdout.write(String(ms));
process.exit(0);

async function startHybit(): Promise<number> {
  const before = performance.now();
  const { loadModel } = (await openShipped()) as Shipped;
  const model = await loadModel(file);
  model.run(makeInputs(model));
  return performance.now() - before;
}

async function startOnnxRuntime(name: "onnxruntime-node" | "onnxruntime-web"): Promise<number> {
  const wasmPath = "onnxruntime-web/ort-wasm-simd-threaded.wasm";
  const wasm = name === "onnxruntime-web" ? readFile(createRequire(join(process.cwd(), "bench", "package.json")).resolve(wasmPath)) : undefined;
  const before = performance.now();
  const runtime = await openOnnxRuntime(name, wasm);
  await (await runtime.network?.(file, JSON.parse(input)))?.run();
  return performance.now() - before;
}
