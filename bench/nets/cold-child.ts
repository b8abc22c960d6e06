// One cold start, in a process of its own: cold-child.js <engine> <file> <input>. Prints milliseconds, of the clock and of all processors.
import { createRequire } from "node:module";
import { join } from "node:path";
import { openOnnxRuntime } from "../peers/onnxruntime.ts";
import { readFile } from "./networks.ts";
import { makeInputs, openShipped } from "./shipped.ts";

const [engine, path, input] = process.argv.slice(2) as [string, string, string];
const file = readFile(path);
const shape: { name: string; dims: number[] } = JSON.parse(input);
// Batch 1, made before the watch starts: it takes as long as much of what is measured.
const inputs = makeInputs({ inputs: [{ name: shape.name, type: "f32", shape: shape.dims }] });
const run = engine === "hybit" ? startHybit : prepareOnnxRuntime(engine as "onnxruntime-node" | "onnxruntime-web");
const usage = process.cpuUsage();
const before = performance.now();
await run();
const ms = performance.now() - before;
const { user, system } = process.cpuUsage(usage);
process.stdout.write(JSON.stringify({ ms, cpuMs: (user + system) / 1000 }));
process.exit(0);

async function startHybit(): Promise<void> {
  const { loadModel } = await openShipped();
  const model = await loadModel(file);
  model.run(inputs);
}

function prepareOnnxRuntime(name: "onnxruntime-node" | "onnxruntime-web"): () => Promise<void> {
  const wasmPath = "onnxruntime-web/ort-wasm-simd-threaded.wasm";
  const wasm = name === "onnxruntime-web" ? readFile(createRequire(join(process.cwd(), "bench", "package.json")).resolve(wasmPath)) : undefined;
  return async () => {
    const runtime = await openOnnxRuntime(name, wasm);
    await (await runtime.network?.(file, shape, inputs[shape.name]))?.run();
  };
}
