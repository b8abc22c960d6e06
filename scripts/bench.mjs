// npm run bench: every bundled model with every build of the kernels, the hybrid model layer by layer, then single
// convolutions of ResNet-18's shapes in every kind (bench/layers.bench.ts).
// `-- --runs N` sets how many runs each median is taken of; `-- --reference` times the models' naive kernels as well.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { cpus } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { ensureBuilt } from "./ensure-built.mjs";

process.chdir(join(dirname(fileURLToPath(import.meta.url)), ".."));
const args = process.argv.slice(2);
const runs = args.includes("--runs") ? args[args.indexOf("--runs") + 1] : "50";
const variants = [
  ["simd", ["--build", "simd"]],
  ["scalar", ["--build", "scalar"]],
  ...(args.includes("--reference") ? [["reference", ["--build", "simd", "--kernels", "reference"]]] : []),
];

function bench(model, ...options) {
  const { status, stdout } = spawnSync(process.execPath, [join("dist", "cli.js"), "bench", join("models", model), "--runs", runs, ...options], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (status !== 0) process.exit(status ?? 1);
  return stdout;
}

ensureBuilt();
const models = readdirSync("models")
  .filter((name) => name.endsWith(".hybit"))
  .sort();
console.log(
  `${cpus()[0]?.model ?? "unknown processor"}, node ${process.version}, ${new Date().toISOString().slice(0, 10)}, median of ${runs} runs, batch 1\n`,
);
console.log(`${"ms per run".padEnd(28)}${variants.map(([name]) => name.padStart(12)).join("")}`);
for (const model of models) {
  const times = variants.map(([, options]) => JSON.parse(bench(model, "--json", ...options)).ms.median);
  console.log(`${model.padEnd(28)}${times.map((ms) => ms.toFixed(3).padStart(12)).join("")}`);
}
const hybrid = models.find((name) => name.includes("hybrid"));
if (hybrid !== undefined) console.log(`\n${bench(hybrid)}`);

const outfile = join("build", "bench", "layers.mjs");
await build({
  entryPoints: ["bench/layers.bench.ts"],
  outfile,
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20",
  loader: { ".wasm": "binary" },
  logLevel: "warning",
});
spawnSync(process.execPath, [outfile], { stdio: "inherit" });
