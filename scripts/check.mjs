// What must hold before a commit: format, lint, types, generated code, structure, sizes.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

/** Gzip level 9 sizes in bytes that must not be exceeded. */
const BUDGETS = [
  ["dist/wasm/simd.wasm", 40 * 1024],
  ["dist/wasm/scalar.wasm", 40 * 1024],
  ["dist/wasm/mvp.wasm", 40 * 1024],
  ["dist/wasm/threads.wasm", 40 * 1024],
  ["dist/core.js", 17 * 1024],
  ["dist/image.js", 2 * 1024],
  ["dist/workerd.js", 18 * 1024],
  ["dist/edge-light.js", 18 * 1024],
  ["dist/pool.js", 3 * 1024],
  ["dist/pool-node.js", 3 * 1024],
  ["dist/pool-worker.js", 512],
  ["dist/pool-node-worker.js", 512],
  // Two builds of the kernels inside.
  ["dist/index.js", 128 * 1024],
  // One more; the others come from index.js.
  ["dist/threads-shared.js", 96 * 1024],
  ["dist/threads.js", 512],
  ["dist/threads-node.js", 512],
  ["dist/threads-worker.js", 512],
];

function step(title, command, ...args) {
  console.log(`\n# ${title}`);
  const { status } = spawnSync(command, args, { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}

const fixes = process.argv.includes("--fix") ? ["--write"] : [];
step("format and lint", "npx", "--no-install", "biome", "check", "--error-on-warnings", ...fixes);
step("types", "npx", "--no-install", "tsc", "-p", ".");
step("documentation of what is exported", "npx", "--no-install", "typedoc", "--emit", "none", "--treatWarningsAsErrors", "--logLevel", "Warn");
step("generated code", "node", "scripts/gen.mjs", "--check");
step("build", "node", "scripts/build.mjs");
step("structure", "node", "scripts/test.mjs", "--only", "tests/structure");

console.log("\n# sizes (bytes, gzip -9)");
let tooLarge = false;
for (const [path, budget] of BUDGETS) {
  const bytes = readFileSync(path);
  const packed = gzipSync(bytes, { level: 9 }).length;
  const verdict = packed <= budget ? "ok" : "TOO LARGE";
  tooLarge ||= packed > budget;
  console.log(`${path.padEnd(24)} ${String(bytes.length).padStart(8)}  gzip ${String(packed).padStart(6)} of ${budget}  ${verdict}`);
}
process.exit(tooLarge ? 1 : 0);
