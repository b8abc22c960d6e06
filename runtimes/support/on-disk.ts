// The vectors in Node, Deno and Bun: prints them. `npm run test:runtimes` compares.
import { readFile } from "node:fs/promises";
import { loadModel } from "hybit";
import { createPool } from "hybit/pool";
import { loadModel as loadThreaded } from "hybit/threads";
import { computeFailure, computeVectors } from "./vectors.ts";

const read = async (name: string) => new Uint8Array(await readFile(new URL(`./files/${name}`, import.meta.url)));
const files = JSON.parse(await readFile(new URL("./files/index.json", import.meta.url), "utf8")) as string[];
for (const build of ["simd", "scalar"] as const) {
  const lines = await computeVectors(files, { read, loadModel: (bytes) => loadModel(bytes, { build }) });
  console.log(lines.join("\n"));
}
console.log(await computeFailure(files[0] as string, { read, loadModel }));

const lines = await computeVectors(files, { read, loadModel: (bytes) => loadThreaded(bytes, { threads: 2 }) });
console.log(lines.map((line) => `threads ${line}`).join("\n"));

// The workers of a pool compute what one model does.
const model = await read("sketch10-fbin.hybit");
using one = await loadModel(model);
using pool = await createPool(model, { size: 2 });
const items = Array.from({ length: 20 }, (_, index) => ({ input: new Float32Array(784).fill(index / 20) }));
for await (const { index, outputs } of pool.map(items)) {
  const expected = one.run(items[index] as (typeof items)[number]).logits as Float32Array;
  if (!expected.every((logit, at) => logit === outputs?.logits?.[at])) console.log(`the pool is wrong at ${index}`);
}
