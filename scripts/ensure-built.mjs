// Builds when there is nothing built, or when a source is newer than what is.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const SOURCES = ["src", "assembly", "schema", "types", "package.json", "asconfig.json", "tsconfig.json", "tsconfig.types.json", "scripts/build.mjs"];

/** The build's last product: older than a source, or absent, the build did not finish or is out of date. */
const PRODUCT = "dist/THIRD-PARTY.txt";

/** Bring dist/ up to date; exits when the build fails. Run from the repository's root. */
export function ensureBuilt() {
  if (isFresh()) return;
  console.error("building (asc, esbuild, tsc), about half a minute ...");
  const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/build.mjs"], { encoding: "utf8" });
  if (status === 0) return;
  console.error(`${stdout}${stderr}\nthe build failed`);
  process.exit(status ?? 1);
}

function isFresh() {
  if (!existsSync(PRODUCT) || !existsSync("dist/cli.js")) return false;
  const built = statSync(PRODUCT).mtimeMs;
  return SOURCES.every((path) => !existsSync(path) || newest(path) <= built);
}

function newest(path) {
  if (!statSync(path).isDirectory()) return statSync(path).mtimeMs;
  const files = readdirSync(path, { recursive: true }).map((name) => statSync(join(path, String(name))));
  return files.reduce((latest, { mtimeMs }) => Math.max(latest, mtimeMs), 0);
}
