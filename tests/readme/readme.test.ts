// Every block of the README is executed as it stands, against the built package; the word after its language says how.
// `npm ci` is left out: it has run before these tests do, and `npm test` is what runs them.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import { build, type Plugin } from "esbuild";

const CLI = resolve("dist/cli.js");
const FOLDER = "build/readme";
const blocks = [...readFileSync("README.md", "utf8").matchAll(/^```(.*)\n([\s\S]*?)^```/gm)].map(([, kind = "", text = ""]) => ({ kind, text }));

function run(args: readonly string[], cwd = "."): string {
  return execFileSync(process.execPath, args, { encoding: "utf8", cwd });
}

/** Run each `npx hybit` line; all must print something. */
function runLines(text: string, cwd?: string): void {
  for (const line of text.trim().split("\n")) {
    assert.match(line, /^npx hybit /);
    assert.notEqual(run([CLI, ...line.split(" ").slice(2)], cwd).trim(), "", line);
  }
}

/** What wrangler makes of imports: a wasm file is a compiled module, a Data file an ArrayBuffer. */
const asWorkers: Plugin = {
  name: "workers",
  setup(setup) {
    setup.onLoad({ filter: /\.(wasm|hybit)$/ }, ({ path }) => {
      const bytes = `Buffer.from("${readFileSync(path).toString("base64")}", "base64")`;
      const contents = path.endsWith(".wasm") ? `new WebAssembly.Module(${bytes})` : `new Uint8Array(${bytes}).buffer`;
      return { contents: `export default ${contents};`, loader: "js" };
    });
  },
};

const RUNNERS: Record<string, (text: string) => void | Promise<void>> = {
  "js run": (text) => {
    // Inside the package, so that "hybit" is this package.
    mkdirSync(FOLDER, { recursive: true });
    const path = join(FOLDER, "library.mjs");
    writeFileSync(path, text);
    const expected = [...text.matchAll(/console\.log.*\/\/ (.*)$/gm)].map(([, comment]) => comment).join("\n");
    assert.equal(run([path]).trim(), expected);
  },
  "js worker": async (text) => {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(join(FOLDER, "worker.mjs"), text);
    const outfile = resolve(FOLDER, "worker.bundle.mjs");
    await build({
      entryPoints: [join(FOLDER, "worker.mjs")],
      outfile,
      bundle: true,
      format: "esm",
      platform: "neutral",
      conditions: ["workerd"],
      plugins: [asWorkers],
    });
    const { default: worker } = (await import(outfile)) as { default: { fetch(request: Request): Promise<Response> } };
    const body = new Float32Array(28 * 28).fill(0.5);
    const logits: unknown = await (await worker.fetch(new Request("http://localhost/", { method: "POST", body }))).json();
    assert.ok(Array.isArray(logits) && logits.length === 10 && logits.every(Number.isFinite));
  },
  "sh run": (text) => runLines(text),
  "sh convert": (text) => {
    const folder = mkdtempSync(join(tmpdir(), "hybit-"));
    try {
      writeFileSync(join(folder, "model.onnx"), gunzipSync(readFileSync("tests/fixtures/sketch10/hybrid.onnx.gz")));
      writeFileSync(join(folder, "labels.txt"), "apple\nbicycle\nbowtie\ncat\ndiamond\neye\nfish\nlollipop\nrainbow\ntrain\n");
      runLines(text, folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
  "sh start": (text) => {
    assert.equal(text, "npm ci && npm start\n");
    assert.match(run(["scripts/start.mjs"]), /recognised +10 of 10/);
  },
  sh: (text) => assert.equal(text, "npm ci && npm test\n"),
};

/** A block that is a file of examples/, but for its header; runtimes/tests/examples.test.ts runs those. */
function isExample(kind: string): (text: string) => void {
  const path = `examples/${kind.split(" ").at(-1)}`;
  return (text) => assert.equal(text, readFileSync(path, "utf8").replace(/^(\/\/.*\n)+/, ""));
}

test("the README's sizes are those of this build, within 2 %", () => {
  const table = /<!-- sizes -->\n([\s\S]*)<!-- end of sizes -->/.exec(readFileSync("README.md", "utf8"))?.[1] ?? "";
  const rows = [...table.matchAll(/^\| `([^`]+)`.*\| ([\d,]+) \| ([\d,]+) \|$/gm)];
  assert.ok(rows.length >= 6);
  for (const [row, path = "", ...sizes] of rows) {
    const bytes = readFileSync(path);
    [bytes.length, gzipSync(bytes, { level: 9 }).length].forEach((size, at) => {
      const said = Number(sizes[at]?.replaceAll(",", ""));
      assert.ok(Math.abs(said / size - 1) < 0.02, `${row}: ${size}`);
    });
  }
});

for (const [index, { kind, text }] of blocks.entries()) {
  test(`README block ${index + 1} (${kind}) does what it says`, async () => {
    const runner = kind.includes(" example ") ? isExample(kind) : RUNNERS[kind];
    assert.ok(runner, `no way to run a block marked "${kind}"`);
    await runner(text);
  });
}
