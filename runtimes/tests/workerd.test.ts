// Cloudflare's runtime: plain workerd, and what wrangler makes of the same worker in miniflare.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { assertGolden } from "../support/golden.ts";
import { NODES, PACKED, WRANGLER } from "../support/paths.ts";
import { startWorker } from "../support/worker.ts";
import { startWorkerd } from "../support/workerd.ts";

const files = JSON.parse(readFileSync(`${PACKED}/files/index.json`, "utf8")) as string[];

type Post = (path: string, body: Uint8Array<ArrayBuffer>) => Promise<string>;

/** All that one thread computes, in the order of the golden lines. */
async function computeAll(post: Post): Promise<string[]> {
  const lines: string[] = [];
  for (const build of ["simd", "scalar"]) for (const file of files) lines.push(...(await post(`/${build}/${file}`, read(file))).split("\n"));
  return [...lines, await post(`/half/${files[0]}`, read(files[0] as string))];
}

function read(file: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(`${PACKED}/files/${file}`));
}

test("workerd computes the golden vectors", async () => {
  await using workerd = await startWorkerd(["in-worker.js", "simd.wasm", "scalar.wasm"]);
  const post: Post = async (path, body) => (await fetch(workerd.url + path, { method: "POST", body })).text();
  assertGolden(await computeAll(post), { threads: false });
});

/** Let wrangler bundle a worker, and serve what it made in miniflare. */
async function wrangle(name: string, sources: Record<string, string>, compute: (post: Post) => Promise<void>): Promise<void> {
  const folder = `${PACKED}/wrangler-${name}`;
  mkdirSync(folder, { recursive: true });
  for (const [path, text] of Object.entries(sources)) writeFileSync(`${folder}/${path}`, text);
  const [main] = Object.keys(sources);
  const rules = [{ type: "Data", globs: ["**/*.hybit"], fallthrough: true }];
  writeFileSync(`${folder}/wrangler.json`, JSON.stringify({ name, main, compatibility_date: "2026-07-01", rules }));
  const env = { ...process.env, CI: "1", WRANGLER_SEND_METRICS: "false" };
  const said = execFileSync(NODES["24"], [WRANGLER, "deploy", "--dry-run", "--outdir", "out"], { cwd: folder, env, encoding: "utf8" });
  console.log(/Total Upload.*/.exec(said)?.[0]);
  await using worker = await startWorker(`${folder}/out`, `${main?.replace(/\.ts$/, ".js")}`);
  await compute(async (path, body) => (await fetch(new URL(path, worker.url), { method: "POST", body })).text());
}

test("wrangler bundles the worker as it stands, and miniflare computes the golden vectors", async () => {
  const sources = Object.fromEntries(["in-worker.ts", "vectors.ts"].map((name) => [name, sourceOf(name)]));
  await wrangle("vectors", sources, async (post) => assertGolden(await computeAll(post), {}));
});

test("the README's worker answers", async () => {
  const [, source = ""] = /^```js worker\n([\s\S]*?)^```/m.exec(readFileSync("README.md", "utf8")) ?? [];
  await wrangle("readme", { "index.js": source }, async (post) => {
    const logits = JSON.parse(await post("/", new Uint8Array(784 * 4))) as number[];
    assert.equal(logits.length, 10);
    assert.ok(logits.every(Number.isFinite));
  });
});

/** A file of runtimes/support, beside no others. */
function sourceOf(name: string): string {
  return readFileSync(`runtimes/support/${name}`, "utf8").replace("../../tests/support/", `${process.cwd()}/tests/support/`);
}
