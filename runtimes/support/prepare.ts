// Makes what the tests share, in build/runtimes: the model files, and the vectors' script for each kind of host.
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { type BuildOptions, build, type Plugin } from "esbuild";
import { writeModel } from "../../src/format/write.ts";
import { everyOpGraph } from "../../tests/support/every-op.ts";
import { Random } from "../../tests/support/random.ts";
import { randomGraph } from "../../tests/support/random-graph.ts";
import { PACKED } from "./paths.ts";

/** Enough that each op is in several. */
const RANDOM_NETS = 12;
const FILES = `${PACKED}/files`;

mkdirSync(FILES, { recursive: true });
const shipped = readdirSync("models").filter((name) => name.endsWith(".hybit"));
for (const name of shipped) copyFileSync(`models/${name}`, `${FILES}/${name}`);
copyFileSync("tests/golden/v3-bytes.hybit", `${FILES}/bytes.hybit`);

const everyOp = everyOpGraph();
// Its other output is bits, which a model cannot give.
everyOp.outputs = everyOp.outputs.filter((index) => everyOp.values[index]?.type === "f32");
writeFileSync(`${FILES}/every-op.hybit`, writeModel(everyOp));
for (let seed = 1; seed <= RANDOM_NETS; seed++) {
  const random = new Random(seed);
  writeFileSync(`${FILES}/random-${seed}.hybit`, writeModel(randomGraph(random, random.int(2, 8))));
}
const files = readdirSync(FILES).filter((name) => name.endsWith(".hybit"));
writeFileSync(`${FILES}/index.json`, JSON.stringify(files.sort()));
writeFileSync(`${PACKED}/package.json`, readFileSync("runtimes/support/user.json"));

const options: BuildOptions = { bundle: true, logLevel: "warning", target: "es2022", tsconfigRaw: {}, nodePaths: [`${PACKED}/node_modules`] };
const entry = (name: string) => ({ entryPoints: [`runtimes/support/${name}.ts`], outfile: `${PACKED}/${name}.js` });
// These import the package from its folder,
await build({ ...options, ...entry("on-disk"), format: "esm", packages: "external", platform: "node" });
await build({ ...options, ...entry("in-executable"), format: "esm", packages: "external", platform: "node" });
await build({ ...options, ...entry("in-browser"), format: "esm", packages: "external" });
// and these take it along.
await build({ ...options, ...entry("in-shell"), format: "iife" });
const wasmBeside: Plugin = {
  name: "wasm-beside",
  setup: ({ onResolve }) => onResolve({ filter: /\.wasm$/ }, ({ path }) => ({ path: `./${basename(path)}`, external: true })),
};
await build({ ...options, ...entry("in-worker"), format: "esm", conditions: ["workerd"], plugins: [wasmBeside] });
for (const name of ["simd", "scalar"]) copyFileSync(`${PACKED}/node_modules/hybit/dist/wasm/${name}.wasm`, `${PACKED}/${name}.wasm`);
