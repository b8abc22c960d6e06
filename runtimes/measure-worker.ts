// Measures examples/worker in plain workerd against a Worker that reads the body and answers {}: processor time a request, memory,
// start. docs/workers.md has the figures. From the repository's root, after `npm run test:runtimes -- --only worker`:
//
//   runtimes/node_modules/n24/bin/node runtimes/measure-worker.ts
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readDrawings } from "./support/drawings.ts";
import { startWorkerd } from "./support/isolate.ts";
import { PACKED } from "./support/paths.ts";
import { buildPng, cutRows } from "./support/png.ts";
import { bundleExample } from "./support/worker.ts";

const WARMUP = 500;
const REQUESTS = 2000;
const STARTS = 21;
const EMPTY = "export default { async fetch(request) { await request.arrayBuffer(); return Response.json({}); } };";

const HYBIT = join(PACKED, "node_modules/hybit/dist");
const { loadModel } = (await import(join(HYBIT, "index.js"))) as typeof import("hybit");
const { rasterize } = (await import(join(HYBIT, "image.js"))) as typeof import("hybit/image");

const MIB = 2 ** 20;
const mib = (bytes: number) => `${(bytes / MIB).toFixed(1)} MiB`;

function median(numbers: number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] as number;
}

const drawings = readDrawings().map(({ drawing }) => drawing);

function png(side: number, channels: 1 | 3): Uint8Array[] {
  return drawings.map((drawing) => {
    const { data } = rasterize(drawing, side);
    const samples = channels === 1 ? (data as Uint8Array) : Uint8Array.from({ length: 3 * data.length }, (_, i) => data[Math.floor(i / 3)] as number);
    return buildPng({ width: side, height: side, colour: channels === 1 ? 0 : 2 }, cutRows(samples, side * channels));
  });
}

const BODIES: Record<string, (string | Uint8Array)[]> = {
  strokes: drawings.map((drawing) => JSON.stringify({ drawing })),
  "PNG, 28 x 28 grey": png(28, 1),
  "PNG, 256 x 256 RGB": png(256, 3),
};

const request = (body: string | Uint8Array | undefined) => ({ method: "POST", body }) as RequestInit;
const probe = request(BODIES.strokes?.[0]);

/** Send so many requests, one after the other. */
async function send(url: string, bodies: readonly (string | Uint8Array)[], count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const response = await fetch(url, request(bodies[i % bodies.length]));
    const text = await response.text();
    if (!response.ok) throw new Error(text);
  }
}

async function measureRequests(folder: string, bodies: readonly (string | Uint8Array)[]) {
  await using workerd = await startWorkerd(folder, probe);
  await send(workerd.url, bodies, WARMUP);
  const [cpuBefore, started] = [workerd.cpuMs(), performance.now()];
  await send(workerd.url, bodies, REQUESTS);
  const [cpuMs, ms] = [(workerd.cpuMs() - cpuBefore) / REQUESTS, (performance.now() - started) / REQUESTS];
  return { cpuMs, ms, rssBytes: workerd.rssBytes(), ...(await workerd.isolateBytes()) };
}

async function measureStart(folder: string): Promise<{ ms: number; cpuMs: number }> {
  await using workerd = await startWorkerd(folder, probe);
  return { ms: workerd.startMs, cpuMs: workerd.cpuMs() };
}

const { folder, size } = bundleExample("worker");
const empty = join(PACKED, "empty-worker");
mkdirSync(empty, { recursive: true });
writeFileSync(join(empty, "index.js"), EMPTY);

using model = await loadModel(readFileSync("models/sketch10-hybrid.hybit"));
const { memoryBytes } = model;
console.log(`${/model name\s*: (.*)/.exec(readFileSync("/proc/cpuinfo", "utf8"))?.[1]}; ${size}`);
console.log(`model.memoryBytes ${mib(memoryBytes)}\n`);

for (const [name, bodies] of Object.entries(BODIES)) {
  const [sketch, nothing] = [await measureRequests(folder, bodies), await measureRequests(empty, bodies)];
  console.log(
    `${name}: ${(sketch.cpuMs - nothing.cpuMs).toFixed(2)} ms of processor time a request (${sketch.cpuMs.toFixed(2)} - ${nothing.cpuMs.toFixed(2)})`,
  );
  console.log(`  from outside ${sketch.ms.toFixed(2)} ms, empty Worker ${nothing.ms.toFixed(2)} ms`);
  console.log(
    `  isolate ${mib(sketch.heap + sketch.buffers + memoryBytes)}: heap ${mib(sketch.heap)}, buffers ${mib(sketch.buffers)}, model as above`,
  );
  console.log(`  process ${mib(sketch.rssBytes)} - ${mib(nothing.rssBytes)} = ${mib(sketch.rssBytes - nothing.rssBytes)}`);
}

const starts: Record<"sketch" | "nothing", { ms: number; cpuMs: number }[]> = { sketch: [], nothing: [] };
for (let i = 0; i < STARTS; i++) {
  starts.sketch.push(await measureStart(folder));
  starts.nothing.push(await measureStart(empty));
}
const [withModel, without] = [median(starts.sketch.map(({ ms }) => ms)), median(starts.nothing.map(({ ms }) => ms))];
console.log(
  `start to first answer: ${(withModel - without).toFixed(1)} ms more (${withModel.toFixed(1)} - ${without.toFixed(1)}), medians of ${STARTS}`,
);
