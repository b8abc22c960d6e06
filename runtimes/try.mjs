// runtimes/support/worker.ts
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join, resolve as resolve2 } from "node:path";
import { Miniflare } from "miniflare";

// runtimes/support/paths.ts
import { resolve } from "node:path";
var installed = (path) => resolve("runtimes/node_modules", path);
var NODES = {
  "20": installed("n20/bin/node"),
  "22": installed("n22/bin/node"),
  "24": installed("n24/bin/node"),
  "26": installed("n26/bin/node")
};
var DENO = installed(".bin/deno");
var BUN = installed(".bin/bun");
var WORKERD = installed("workerd/bin/workerd");
var WRANGLER = installed("wrangler/bin/wrangler.js");
var PACKED = resolve("build/runtimes");

// runtimes/support/worker.ts
var COMPATIBILITY_DATE = "2026-11-01";
function bundleExample(name) {
  const examples = join(PACKED, "examples");
  rmSync(join(examples, name), { recursive: true, force: true });
  cpSync("examples", examples, { recursive: true });
  const library = join(PACKED, "node_modules/fast-png");
  if (!existsSync(library)) symlinkSync(resolve2("runtimes/node_modules/fast-png"), library);
  const folder2 = join(examples, name, "bundle");
  const env = { ...process.env, WRANGLER_SEND_METRICS: "false", CI: "1", NO_COLOR: "1" };
  const said = execFileSync(NODES["24"], [WRANGLER, "deploy", "--dry-run", "--outdir", folder2], {
    cwd: join(examples, name),
    env,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 6e4
  });
  return { folder: folder2, size: /Total Upload: .*/.exec(said)?.[0] ?? said };
}
function listModules(folder2) {
  const kinds = { js: "ESModule", wasm: "CompiledWasm", hybit: "Data" };
  return readdirSync(folder2).flatMap((name) => {
    const type = kinds[name.split(".").at(-1)];
    return type === void 0 ? [] : [{ type, path: name, contents: readFileSync(join(folder2, name)) }];
  }).sort((a, b) => Number(b.path === "index.js") - Number(a.path === "index.js"));
}
async function startWorker(folder2, options = {}) {
  const miniflare2 = new Miniflare({ modules: listModules(folder2), modulesRoot: "/", compatibilityDate: COMPATIBILITY_DATE, cf: false, ...options });
  const url2 = await miniflare2.ready;
  return { miniflare: miniflare2, url: url2, [Symbol.asyncDispose]: () => miniflare2.dispose() };
}

// ../../try/a.ts
import { readFileSync as readFileSync2 } from "node:fs";
var { folder, size } = bundleExample("worker");
console.log(folder, size);
var { url, miniflare } = await startWorker(folder);
var body = readFileSync2("examples/drawings/cat.ndjson");
var r = await fetch(url, { method: "POST", body });
console.log(r.status, await r.text());
await miniflare.dispose();
