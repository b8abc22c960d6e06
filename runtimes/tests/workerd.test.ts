// Cloudflare's runtime: plain workerd, and what wrangler makes of the same worker in miniflare.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { Miniflare } from "miniflare";
import { assertGolden } from "../support/golden.ts";
import { NODES, PACKED, WRANGLER } from "../support/paths.ts";
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

test("wrangler bundles the worker as it stands, and miniflare computes the golden vectors", async () => {
  const folder = `${PACKED}/wrangler`;
  mkdirSync(folder, { recursive: true });
  for (const name of ["in-worker.ts", "vectors.ts"]) writeFileSync(`${folder}/${name}`, sourceOf(name));
  writeFileSync(`${folder}/wrangler.json`, JSON.stringify({ name: "vectors", main: "in-worker.ts", compatibility_date: "2026-07-01" }));
  const env = { ...process.env, CI: "1", WRANGLER_SEND_METRICS: "false" };
  execFileSync(NODES["24"], [WRANGLER, "deploy", "--dry-run", "--outdir", "out"], { cwd: folder, env });
  const miniflare = new Miniflare({
    ...{ modules: true, scriptPath: `${folder}/out/in-worker.js`, modulesRoot: `${folder}/out`, cf: false },
    ...{ modulesRules: [{ type: "CompiledWasm", include: ["**/*.wasm"] }], compatibilityDate: "2026-07-01" },
  });
  try {
    const post: Post = async (path, body) => (await miniflare.dispatchFetch(`http://localhost${path}`, { method: "POST", body })).text();
    assertGolden(await computeAll(post), { threads: false });
  } finally {
    await miniflare.dispose();
  }
});

/** A file of runtimes/support, beside no others. */
function sourceOf(name: string): string {
  return readFileSync(`runtimes/support/${name}`, "utf8").replace("../../tests/support/", `${process.cwd()}/tests/support/`);
}
