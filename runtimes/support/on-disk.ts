// The vectors in Node, Deno and Bun: prints them. `npm run test:runtimes` compares.
import { readFile } from "node:fs/promises";
import { loadModel } from "hybit";
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
