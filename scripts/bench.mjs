// npm run bench: bundles bench/main.ts and runs it; `-- --help` lists the options.
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { ensureBuilt } from "./ensure-built.mjs";

process.chdir(join(dirname(fileURLToPath(import.meta.url)), ".."));
ensureBuilt();
const outdir = join("build", "bench");
await build({
  entryPoints: ["bench/main.ts", "bench/nets/cold-child.ts", "bench/serve/ort-server.ts"],
  outdir,
  outbase: "bench",
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20",
  packages: "external",
  loader: { ".wasm": "base64" },
  logLevel: "warning",
});
const { status } = spawnSync(process.execPath, [join(outdir, "main.js"), ...process.argv.slice(2)], { stdio: "inherit" });
process.exit(status ?? 1);
