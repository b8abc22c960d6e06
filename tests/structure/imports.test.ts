// The rules that keep the rooms apart (ARCHITECTURE.md): which folder may import which, no cycles, and nothing of
// the convert side in the run side.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { build, type Metafile } from "esbuild";

/** What each folder of src/ may import besides itself; doors and cli may import everything below them. */
const ALLOWED: Record<string, string[]> = {
  graph: [],
  kernels: ["graph"],
  ops: ["graph", "kernels"],
  format: ["graph", "ops"],
  image: ["graph"],
  engine: ["graph", "kernels", "ops", "format"],
  import: ["graph", "ops"],
  binarize: ["graph", "ops"],
  export: ["graph", "ops"],
  zoo: ["graph", "ops", "binarize"],
  select: ["graph", "ops", "format", "binarize", "engine"],
  calibrate: ["graph", "format", "binarize", "engine"],
  analyze: ["graph", "ops", "binarize"],
  report: ["analyze", "select"],
  tune: ["graph", "engine"],
  runtimes: ["graph", "format", "engine", "tune"],
  pool: ["graph", "format", "engine", "runtimes"],
  serve: ["graph", "engine"],
  threads: ["graph", "kernels", "format", "engine", "runtimes"],
  door: [
    "graph",
    "ops",
    "kernels",
    "format",
    "image",
    "engine",
    "import",
    "binarize",
    "export",
    "zoo",
    "select",
    "calibrate",
    "tune",
    "runtimes",
    "threads",
    "pool",
  ],
  cli: [
    "door",
    "graph",
    "ops",
    "kernels",
    "format",
    "image",
    "engine",
    "import",
    "binarize",
    "export",
    "zoo",
    "tune",
    "select",
    "calibrate",
    "report",
    "runtimes",
    "analyze",
    "serve",
  ],
};

const RUN_SIDE = [
  "index",
  "workerd",
  "core",
  "image",
  "threads",
  "threads-node",
  "threads-worker",
  "threads-node-worker",
  "pool",
  "pool-node",
  "pool-worker",
  "pool-node-worker",
].map((name) => `src/${name}.ts`);

const CONVERT_SIDE =
  /^src\/(import|export|binarize|calibrate|select|report|analyze|zoo|link|cli)\/|^src\/convert\.ts$|^src\/format\/(write|build-tables|check-preprocess|materialize)\.ts$|^src\/ops\/layer-kind\.ts$/;

async function readImports(entryPoints: string[]): Promise<Metafile["inputs"]> {
  const { metafile } = await build({
    entryPoints,
    bundle: true,
    write: false,
    metafile: true,
    outdir: "build/unused",
    format: "esm",
    platform: "node",
    packages: "external",
    loader: { ".wasm": "empty" },
  });
  return metafile.inputs;
}

function folderOf(path: string): string {
  const parts = path.split("/").slice(1);
  return parts.length === 1 ? "door" : (parts[0] as string);
}

test("imports point downward", async () => {
  const inputs = await readImports([...RUN_SIDE, "src/convert.ts", "src/cli/main.ts"]);
  const wrong: string[] = [];
  for (const [path, { imports }] of Object.entries(inputs)) {
    if (!path.startsWith("src/")) continue;
    const from = folderOf(path);
    assert.ok(ALLOWED[from], `folder ${from} of ${path} is not in the table of this test`);
    for (const { path: target, external } of imports) {
      if (external || !target.startsWith("src/")) continue;
      const to = folderOf(target);
      if (to !== from && !ALLOWED[from]?.includes(to)) wrong.push(`${path} imports ${target}`);
    }
  }
  assert.deepEqual(wrong, []);
});

/** Every way from a file back to itself, once. */
function findCycles(files: Iterable<string>, importsOf: (path: string) => string[]): string[] {
  const state = new Map<string, "open" | "done">();
  const cycles: string[] = [];
  const visit = (path: string, trail: string[]): void => {
    if (state.get(path) === "done") return;
    if (state.get(path) === "open") {
      cycles.push([...trail.slice(trail.indexOf(path)), path].join(" -> "));
      return;
    }
    state.set(path, "open");
    for (const target of importsOf(path)) visit(target, [...trail, path]);
    state.set(path, "done");
  };
  for (const path of files) visit(path, []);
  return cycles;
}

test("no file of src imports itself through others", async () => {
  const inputs = await readImports([...RUN_SIDE, "src/convert.ts", "src/cli/main.ts"]);
  const importsOf = (path: string) =>
    (inputs[path]?.imports ?? []).filter(({ path: target, external }) => !external && target.startsWith("src/")).map(({ path: target }) => target);
  assert.deepEqual(findCycles(Object.keys(inputs), importsOf), []);
});

test("no file of assembly imports itself through others", () => {
  const importsOf = (path: string) =>
    [...readFileSync(path, "utf8").matchAll(/from "(\.[^"]+)"/g)].map(([, target = ""]) => `${join(dirname(path), target)}.ts`);
  assert.deepEqual(findCycles(["assembly/threads.ts", "assembly/debug.ts"], importsOf), []);
});

test("the run side holds nothing of the convert side", async () => {
  const inputs = await readImports(RUN_SIDE);
  assert.deepEqual(
    Object.keys(inputs).filter((path) => CONVERT_SIDE.test(path)),
    [],
  );
});
