// What users download, dist/core.js, against the sources it is made of: its property names are shortened, and nobody may notice.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import * as source from "../../src/core.ts";
import { writeModel } from "../../src/format/write.ts";
import { everyOpGraph } from "../support/every-op.ts";
import { Random } from "../support/random.ts";

const product: typeof source = await import(pathToFileURL(resolve("dist/core.js")).href);
const paths = ["models", "tests/golden"].flatMap((folder) => readdirSync(folder).map((name) => `${folder}/${name}`));
const everyOp = everyOpGraph();
// Its other output is bits, which a model cannot give.
everyOp.outputs.splice(0, everyOp.outputs.length, ...everyOp.outputs.filter((index) => everyOp.values[index]?.type === "f32"));
const cases: [name: string, bytes: Uint8Array][] = [
  ["every op", writeModel(everyOp)],
  ["nothing", new Uint8Array(0)],
  ["half a file", readFileSync("models/sketch10-hybrid.hybit").subarray(0, 5000)],
  ...["package.json", ...paths.filter((path) => path.endsWith(".hybit"))].map((path): [string, Uint8Array] => [path, readFileSync(path)]),
];

/** Everything public that one run shows. */
async function show({ loadModel, topK }: typeof source, module: WebAssembly.Module, bytes: Uint8Array) {
  const model = await loadModel(bytes, { module });
  const random = new Random(5);
  const inputs = Object.fromEntries(
    model.inputs.map(({ name, shape }) => [name, random.floats(shape.reduce((product, dim) => product * Math.abs(dim), 1))]),
  );
  const outputs = model.run(inputs);
  const { steps, ...plan } = model.plan();
  const { name, metadata, build, memoryBytes } = model;
  return {
    about: { name, metadata, build, memoryBytes, inputs: model.inputs, outputs: model.outputs },
    outputs,
    best: topK(Object.values(outputs)[0] as Float32Array, 3, metadata.labels),
    plan,
    // The names of parameters are shortened; their order is what counts.
    steps: steps.map((step) => ({
      ...{ node: step.node, op: step.op, kernel: step.kernel, why: step.why, setup: step.setup, pack: step.pack, macs: step.macs },
      ...{ inputs: step.inputs, outputs: step.outputs, scratchBytes: step.scratchBytes, threadBytes: step.threadBytes, tables: step.tables },
      params: Object.values(step.params),
    })),
    profile: model.profile({ runs: 1, warmup: 0 }).map((layer) => ({ ...layer, ms: typeof layer.ms })),
  };
}

/** The same, or what a program sees of the error. */
function attempt(door: typeof source, module: WebAssembly.Module, bytes: Uint8Array): Promise<object> {
  return show(door, module, bytes).catch(({ name, code, message, node }: source.LoadError) => ({ name, code, message, node }));
}

for (const build of ["simd", "scalar"]) {
  for (const [name, bytes] of cases) {
    test(`dist/core.js does with ${name} what its sources do, ${build}`, async () => {
      const module = new WebAssembly.Module(readFileSync(`dist/wasm/${build}.wasm`));
      assert.deepEqual(await attempt(product, module, bytes), await attempt(source, module, bytes));
    });
  }
}
