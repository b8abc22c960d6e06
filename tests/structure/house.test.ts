// The house is complete: every op stands in every folder, every kernel has its header, and the run side keeps the
// promises of ARCHITECTURE.md that can be read off its text.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { KERNELS } from "../../src/kernels/table.ts";
import { OPS } from "../../src/ops/table.ts";

function listFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

test("every op of the schema has its folder, host file, table lines, kernel rows and spec", () => {
  const union = /union Op \{([^}]*)\}/.exec(readFileSync("schema/hybit.fbs", "utf8"))?.[1] ?? "";
  const ops = union.split(",").map((name) => name.trim().toLowerCase());
  assert.ok(ops.length > 10);
  const missing: string[] = [];
  for (const op of ops) {
    // A reshape of floats only renames memory, so an op may have no kernel but must then say so with an empty folder list.
    for (const path of [`assembly/ops/${op}/params.ts`, `src/ops/${op}.ts`]) if (!existsSync(path)) missing.push(path);
    if (!existsSync(`assembly/ops/${op}`) || !listFiles(`assembly/ops/${op}`).some((name) => name.endsWith(".spec.ts")))
      missing.push(`a spec of ${op}`);
    if (!Object.hasOwn(OPS, op)) missing.push(`${op} in src/ops/table.ts`);
    if (!KERNELS.some((kernel) => kernel.op === op)) missing.push(`a row of ${op} in src/kernels/table.ts`);
  }
  assert.deepEqual(missing, []);
});

test("every kernel carries the header Computes, Operands, Tile, Requires, Bounds, See", () => {
  const headings = ["Computes", "Operands", "Tile", "Requires", "Bounds", "See"];
  const sources = listFiles("assembly").filter((name) => name.endsWith(".ts") && !name.endsWith(".spec.ts"));
  const wrong: string[] = [];
  for (const { name } of KERNELS) {
    const pattern = new RegExp(`(/\\*\\*(?:(?!\\*/)[\\s\\S])*\\*/)\\s*export function ${name}\\(`);
    const header = sources.map((path) => pattern.exec(readFileSync(path, "utf8"))?.[1]).find((text) => text !== undefined);
    if (header === undefined) {
      wrong.push(`${name} has no header`);
      continue;
    }
    const places = headings.map((heading) => header.search(new RegExp(`^ \\* ${heading} `, "m")));
    const isOrdered = places.every((place, i) => place >= 0 && place > (places[i - 1] ?? -1));
    if (!isOrdered) wrong.push(`${name}: headings missing or out of order`);
  }
  assert.deepEqual(wrong, []);
});

test("the run side sniffs no globals, evaluates no text and imports nothing late", () => {
  const folders = ["src/graph", "src/ops", "src/kernels", "src/engine", "src/format", "src/image", "src/runtimes", "src/threads"];
  const forbidden = /\bprocess\.|\bDeno\b|\bBun\b|\bdocument\b|SharedArrayBuffer|\beval\(|new Function|\bimport\(|blob:/;
  const wrong = folders
    .flatMap(listFiles)
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts") && !name.includes("generated"))
    .filter((name) => forbidden.test(readFileSync(name, "utf8").replaceAll(/\/\/.*$|\/\*[\s\S]*?\*\//gm, "")));
  assert.deepEqual(wrong, []);
});

test("constants of the kernel boundary agree on both sides", () => {
  const abi = readFileSync("assembly/abi.ts", "utf8");
  const overread = /OVERREAD_BYTES: usize = (\d+)/.exec(abi)?.[1];
  const version = /ABI_VERSION: u32 = (\d+)/.exec(abi)?.[1];
  assert.match(readFileSync("src/engine/arena.ts", "utf8"), new RegExp(`OVERREAD_BYTES = ${overread};`));
  assert.match(readFileSync("src/engine/instantiate.ts", "utf8"), new RegExp(`ABI_VERSION = ${version};`));
});
