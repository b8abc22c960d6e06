// Makes what the tests share, in build/runtimes: the model files, and the vectors' script for each kind of host.
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { build } from "esbuild";
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

const options = { bundle: true, format: "esm", logLevel: "warning", target: "es2022", platform: "node", tsconfigRaw: {} } as const;
// One imports the package; the other is for a host that takes it along.
await build({ ...options, entryPoints: ["runtimes/support/entry.ts"], outfile: `${PACKED}/vectors.mjs`, packages: "external" });
await build({ ...options, entryPoints: ["runtimes/support/entry-alone.ts"], outfile: `${PACKED}/vectors-alone.mjs`, packages: "external" });
