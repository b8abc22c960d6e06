// The package as npm packs it: which files, how large, sound exports, and a run side that any host's rules allow.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { publint } from "publint";
import { formatMessage } from "publint/utils";

const MOST_BYTES = 3 * 2 ** 20;
/** What users load to run models; the command line and hybit/convert are tools. */
const RUN_SIDE = /^dist\/(?!cli|convert)[\w-]+\.js$/;

interface Packed {
  unpackedSize: number;
  files: { path: string }[];
}

function pack(): Packed {
  const said = JSON.parse(
    execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }),
  );
  // A list, or an object by package, as npm's version has it.
  return Object.values(said)[0] as Packed;
}

const { unpackedSize, files } = pack();
const paths = files.map(({ path }) => path);

test("the package holds these files and no others", () => {
  const spelled = paths
    .map((path) => path.replace(/^dist\/cli\/.*/, "dist/cli/*"))
    .map((path) => (path.startsWith("dist/types/") ? path.replace(/^dist\/types\/([\w-]+\/).*/, "dist/types/$1*") : path));
  assert.deepEqual([...new Set(spelled)].sort(), readFileSync("tests/package/files.txt", "utf8").trim().split("\n"));
});

test(`the unpacked package is not larger than ${MOST_BYTES} bytes`, () => {
  assert.ok(unpackedSize <= MOST_BYTES, `${unpackedSize} bytes`);
});

test("publint has nothing to say", async () => {
  const { messages, pkg } = await publint({ pkgDir: ".", strict: true });
  assert.deepEqual(
    messages.map((message) => formatMessage(message, pkg ?? {})),
    [],
  );
});

test("attw finds the types of every door", () => {
  const folder = mkdtempSync(join(tmpdir(), "hybit-"));
  try {
    // Exits with 1 when there is a problem.
    execFileSync("npm", ["pack", "--ignore-scripts", "--pack-destination", folder], { stdio: "ignore" });
    const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
    const said = execFileSync("npx", ["--no-install", "attw", join(folder, `hybit-${version}.tgz`), "--profile", "esm-only", "--no-color"], {
      encoding: "utf8",
    });
    for (const door of ["hybit", "hybit/core", "hybit/pool", "hybit/threads", "hybit/image", "hybit/convert"])
      assert.ok(said.includes(`"${door}"`), door);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("the run side compiles no text, imports nothing late and asks no host for its name", () => {
  const forbidden =
    /\beval\b|new Function|\bimport\s*\(|blob:|\btypeof (process|window|self|Deno|Bun|navigator|SharedArrayBuffer|Buffer)\b|globalThis|\bprocess\.|userAgent/;
  const sides = paths.filter((path) => RUN_SIDE.test(path));
  assert.ok(sides.length >= 12, sides.join());
  const wrong = sides.flatMap((path) => {
    const found = forbidden.exec(readFileSync(path, "utf8").replace(/"[A-Za-z0-9+/=]{1000,}"/g, '""'));
    return found ? [`${path}: ${found[0]}`] : [];
  });
  assert.deepEqual(wrong, []);
});

test("no top-level await in what users import, so that require() finds it", () => {
  for (const path of ["index", "core", "image", "pool-node", "threads-node", "convert"]) {
    const script = `const found = require("./dist/${path}.js"); if (Object.keys(found).length === 0) throw new Error("nothing exported")`;
    execFileSync(process.execPath, ["--experimental-require-module", "--no-warnings", "-e", script]);
  }
});

test("the same sources give the same wasm", () => {
  const folder = mkdtempSync(join(tmpdir(), "hybit-"));
  try {
    for (const [entry, target] of [
      ["index", "scalar"],
      ["simd", "simd"],
    ]) {
      const outFile = join(folder, `${target}.wasm`);
      execFileSync(
        "npx",
        ["--no-install", "asc", `assembly/${entry}.ts`, "--config", "asconfig.json", "--target", target as string, "--outFile", outFile],
        { stdio: "ignore" },
      );
      assert.ok(readFileSync(outFile).equals(readFileSync(`dist/wasm/${target}.wasm`)), target);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("jsr.json has package.json's version and doors", () => {
  const jsr = JSON.parse(readFileSync("jsr.json", "utf8")) as { version: string; exports: Record<string, string> };
  const npm = JSON.parse(readFileSync("package.json", "utf8")) as { version: string; exports: Record<string, { default?: string; node?: string }> };
  assert.equal(jsr.version, npm.version);
  const doors = Object.entries(npm.exports).filter(([, target]) => typeof target === "object");
  assert.deepEqual(jsr.exports, Object.fromEntries(doors.map(([door, target]) => [door, target.default])));
});
