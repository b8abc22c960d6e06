// Node, the versions that are maintained and the oldest that is promised; Deno; Bun: the package from its folder.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assertGolden, GOLDEN_PATH } from "../support/golden.ts";
import { BUN, DENO, NODES, PACKED } from "../support/paths.ts";

const HOSTS: Record<string, [command: string, ...args: string[]]> = {
  ...Object.fromEntries(Object.entries(NODES).map(([version, path]) => [`Node ${version}`, [path] as [string]])),
  Deno: [DENO, "run", "--allow-read", "--allow-env"],
  Bun: [BUN, "run"],
};

function print(command: string, ...args: string[]): string[] {
  return execFileSync(command, args, { encoding: "utf8", cwd: PACKED }).trim().split("\n");
}

if (process.env.HYBIT_WRITE_GOLDEN) writeFileSync(GOLDEN_PATH, `${print(NODES["24"], "on-disk.js").join("\n")}\n`);

for (const [name, [command, ...args]] of Object.entries(HOSTS)) {
  test(`${name} computes the golden vectors, simd, scalar and on two threads`, () => {
    assertGolden(print(command, ...args, "on-disk.js"), { threads: true });
  });
}

for (const [version, path] of Object.entries(NODES)) {
  test(`Node ${version} is the version it should be`, () => {
    assert.match(print(path, "-v")[0] as string, new RegExp(`^v${version}\\.`));
  });
}

test("Bun compiles the package and its kernels into one executable", () => {
  print(BUN, "build", "--compile", "in-executable.js", "--outfile", "in-executable");
  assertGolden(print(join(PACKED, "in-executable")), { build: "simd" });
});
