// Runs the tests: as-pect specs, then every *.test.ts bundled with esbuild under node:test.
// `--only TEXT` runs just the test files whose path contains TEXT (no specs, no build); `--specs` just the specs;
// `--no-build` takes dist/ and build/wasm as they are; `--bundle` bundles and stops (scripts/test-arm.mjs runs it elsewhere).
import { spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

const args = process.argv.slice(2);
const only = args.includes("--only") ? args[args.indexOf("--only") + 1] : undefined;

function run(command, ...rest) {
  const { status } = spawnSync(command, rest, { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}

if (only === undefined) run("npx", "--no-install", "asp", "--no-logo", "--summary");
if (args.includes("--specs")) process.exit(0);
if (only === undefined && !args.includes("--no-build")) run("node", "scripts/build.mjs");

const folders = ["src", "tests", "bench/peers", "bench/report"];
const tests = folders
  .flatMap((folder) => readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name))))
  .filter((name) => name.endsWith(".test.ts") && (only === undefined || name.includes(only)))
  .sort();
if (tests.length === 0) {
  console.error(`no test file's path contains "${only}"`);
  process.exit(1);
}

const outdir = only === undefined ? "build/tests" : `build/tests-${only.replaceAll(/\W+/g, "-")}`;
rmSync(outdir, { recursive: true, force: true });
await build({
  entryPoints: tests,
  outdir,
  outbase: ".",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20",
  sourcemap: "inline",
  packages: "external",
  loader: { ".wasm": "base64" },
  logLevel: "warning",
});
if (!args.includes("--bundle")) run("node", "--enable-source-maps", "--test", ...tests.map((name) => join(outdir, name.replace(/\.ts$/, ".js"))));
