// The vectors in a page: `globalThis.lines` becomes what Node prints.
import { loadModel } from "hybit";
import { createPool } from "hybit/pool";
import { loadModel as loadThreaded } from "hybit/threads";
import { computeFailure, computeVectors } from "./vectors.ts";

const read = async (name: string) => new Uint8Array(await (await fetch(`/files/${name}`)).arrayBuffer());

async function compute(): Promise<string[]> {
  const files = (await (await fetch("/files/index.json")).json()) as string[];
  const withBuild = (build: "simd" | "scalar") => computeVectors(files, { read, loadModel: (bytes) => loadModel(bytes, { build }) });
  const lines = [...(await withBuild("simd")), ...(await withBuild("scalar"))];
  lines.push(await computeFailure(files[0] as string, { read, loadModel }));
  const threaded = await computeVectors(files, { read, loadModel: (bytes) => loadThreaded(bytes, { threads: 2 }) });
  // The workers of a pool compute what one model does.
  const bytes = await read("sketch10-fbin.hybit");
  const one = await loadModel(bytes);
  const pool = await createPool(bytes, { size: 2 });
  for await (const { outputs } of pool.map([{ input: new Float32Array(784).fill(0.5) }, { input: new Float32Array(784) }])) {
    if (outputs?.logits?.length !== one.outputs[0]?.shape[1]) lines.push("the pool is wrong");
  }
  pool.dispose();
  return [...lines, ...threaded.map((line) => `threads ${line}`)];
}

const lines = await compute().catch((error: unknown) => [String(error)]);
Object.assign(globalThis, { lines });
