// Builds everything: wasm modules (assembly/ -> build/wasm, dist/wasm), bundles and types (src/ -> dist).
import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { build } from "esbuild";
import { minify } from "terser";
import { shortenedNames } from "./mangle.mjs";
import { writeNotices } from "./notices.mjs";

const run = (tool, ...args) => execFileSync("npx", ["--no-install", tool, ...args], { stdio: "inherit" });

mkdirSync("build/wasm", { recursive: true });
for (const target of ["mvp", "scalar"]) run("asc", "assembly/index.ts", "--config", "asconfig.json", "--target", target);
for (const target of ["simd", "threads"]) run("asc", `assembly/${target}.ts`, "--config", "asconfig.json", "--target", target);
// The debug build describes the parameter blocks to the tests; it has strings, so it has a runtime.
run("asc", "assembly/debug.ts", "--config", "none", "--runtime", "incremental", "--exportRuntime", "--debug", "--outFile", "build/wasm/debug.wasm");

rmSync("dist", { recursive: true, force: true });
mkdirSync("dist/wasm", { recursive: true });
for (const name of ["mvp", "scalar", "simd", "threads"]) cpSync(`build/wasm/${name}.wasm`, `dist/wasm/${name}.wasm`);

run("tsc", "-p", "tsconfig.types.json");

const RUN_SIDE = ["index", "core", "image", "threads-worker", "threads-node-worker", "pool", "pool-node"];
/** They take the kernels for one thread from hybit as it lies beside them. */
const THREADS = ["src/threads.ts", "src/threads-node.ts"];
/** Scripts of a pool's workers: they import hybit as it lies beside them. */
const POOL_WORKERS = ["src/pool-worker.ts", "src/pool-node-worker.ts"];
const doors = RUN_SIDE.map((name) => `src/${name}.ts`);
const runSideSources = [...doors, ...THREADS];
const shared = { bundle: true, format: "esm", target: "es2022", loader: { ".wasm": "base64" }, logLevel: "warning", metafile: true };
const anywhere = { ...shared, outdir: "dist", platform: "neutral", mainFields: ["module", "main"] };
/** The file that hosts compile as they deploy, in the words of each. */
const importKernels = (path) => ({
  name: "import-kernels",
  setup: ({ onResolve }) => onResolve({ filter: /^hybit\/wasm\// }, () => ({ path, external: true })),
});
const importHybit = {
  name: "import-hybit",
  setup: ({ onResolve }) => onResolve({ filter: /^\.\/index\.ts$|\/runtimes\/inline\.ts$/ }, () => ({ path: "./index.js", external: true })),
};
const runSide = { ...anywhere, minify: true, mangleProps: await shortenedNames(runSideSources, "dist/types"), external: ["node:*"] };
const results = [
  await build({ ...runSide, entryPoints: doors }),
  await build({ ...runSide, entryPoints: THREADS, plugins: [importHybit], splitting: true, chunkNames: "threads-shared" }),
  await build({ ...runSide, entryPoints: POOL_WORKERS, plugins: [importHybit] }),
  await build({ ...runSide, entryPoints: ["src/workerd.ts"], plugins: [importKernels("./wasm/simd.wasm")] }),
  await build({ ...runSide, entryPoints: { "edge-light": "src/workerd.ts" }, plugins: [importKernels("./wasm/simd.wasm?module")] }),
  await build({ ...anywhere, entryPoints: ["src/convert.ts"], minify: true }),
  await build({
    ...shared,
    entryPoints: { cli: "src/cli/main.ts" },
    outdir: "dist",
    // What few commands need comes when they do.
    splitting: true,
    minify: true,
    plugins: [importHybit],
    chunkNames: "cli/[name]-[hash]",
    platform: "node",
    target: "node20",
    // The libraries bundled here are CommonJS and look for require.
    banner: { js: '#!/usr/bin/env node\nimport { createRequire } from "node:module";\nconst require = createRequire(import.meta.url);' },
  }),
];
chmodSync("dist/cli.js", 0o755);
// A second minifier takes another 5 % off what users download.
const compress = { ecma: 2022, passes: 3, pure_getters: true, unsafe_arrows: true, unsafe_methods: true };
for (const path of results.slice(0, 5).flatMap(({ metafile }) => Object.keys(metafile.outputs))) {
  const { code } = await minify(readFileSync(path, "utf8"), { module: true, ecma: 2022, compress });
  // Where JSR and Deno find the types.
  const types = path.replace(/^dist\/(.*)\.js$/, "types/$1.d.ts");
  writeFileSync(path, existsSync(`dist/${types}`) ? `/* @ts-self-types="./${types}" */\n${code}` : code);
}
writeNotices(results.map(({ metafile }) => metafile));
