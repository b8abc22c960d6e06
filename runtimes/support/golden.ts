// What all runtimes must print: runtimes/golden.txt, written by Node 24 under HYBIT_WRITE_GOLDEN=1.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

export const GOLDEN_PATH = "runtimes/golden.txt";

/** Compare with the lines of both builds and the failure, or of one build, or of two threads too. */
export function assertGolden(found: readonly string[], { build, threads = false }: { build?: "simd" | "scalar"; threads?: boolean }): void {
  const lines = readFileSync(GOLDEN_PATH, "utf8").trim().split("\n");
  const expected = lines
    .filter((line) => threads || !line.startsWith("threads "))
    .filter((line) => build === undefined || line.includes(` ${build} batch `) || line.startsWith("half "));
  assert.deepEqual(found, expected);
}
