// Builds everything: wasm modules (assembly/ -> build/wasm, dist/wasm), bundles and types (src/ -> dist).
import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, rmSync } from "node:fs";
import { build } from "esbuild";
import { writeNotices } from "./notices.mjs";

const run = (tool, ...args) => execFileSync("npx", ["--no-install", tool, ...args], { stdio: "inherit" });

mkdirSync("build/wasm", { recursive: true });
for (const target of ["mvp", "scalar", "simd"]) run("asc", "--config", "asconfig.json", "--target", target);
// The debug build describes the parameter blocks to the tests; it has strings, so it has a runtime.
run("asc", "assembly/debug.ts", "--config", "none", "--runtime", "incremental", "--exportRuntime", "--debug", "--outFile", "build/wasm/debug.wasm");

rmSync("dist", { recursive: true, force: true });
mkdirSync("dist/wasm", { recursive: true });
for (const name of ["mvp", "scalar", "simd"]) cpSync(`build/wasm/${name}.wasm`, `dist/wasm/${name}.wasm`);

const shared = { bundle: true, format: "esm", target: "es2022", loader: { ".wasm": "binary" }, logLevel: "warning", metafile: true };
const anywhere = { ...shared, outdir: "dist", platform: "neutral", mainFields: ["module", "main"] };
const results = [
  await build({ ...anywhere, entryPoints: ["src/index.ts", "src/core.ts", "src/strokes.ts"], minify: true }),
  await build({ ...anywhere, entryPoints: ["src/convert.ts"] }),
  await build({
    ...shared,
    entryPoints: ["src/cli/main.ts"],
    outfile: "dist/cli.js",
    platform: "node",
    target: "node20",
    // The libraries bundled here are CommonJS and look for require.
    banner: { js: '#!/usr/bin/env node\nimport { createRequire } from "node:module";\nconst require = createRequire(import.meta.url);' },
  }),
];
chmodSync("dist/cli.js", 0o755);
writeNotices(results.map(({ metafile }) => metafile));
run("tsc", "-p", "tsconfig.types.json");
