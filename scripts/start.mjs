// npm start: builds if need be, then classifies the bundled drawings with the bundled hybrid model.
// Everything shown comes from the command line's own `run --picture`; arguments are handed on to it.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureBuilt } from "./ensure-built.mjs";

const MODEL = join("models", "sketch10-hybrid.hybit");
const DRAWINGS = join("examples", "drawings");

process.chdir(join(dirname(fileURLToPath(import.meta.url)), ".."));
ensureBuilt();
const drawings = readdirSync(DRAWINGS)
  .filter((name) => name.endsWith(".ndjson"))
  .sort()
  .map((name) => join(DRAWINGS, name));
const { status } = spawnSync(process.execPath, [join("dist", "cli.js"), "run", MODEL, ...drawings, "--picture", ...process.argv.slice(2)], {
  stdio: "inherit",
});
process.exit(status ?? 1);
