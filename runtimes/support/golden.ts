// What all runtimes must print: runtimes/golden.txt, written by Node 24 under HYBIT_WRITE_GOLDEN=1.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

export const GOLDEN_PATH = "runtimes/golden.txt";

/** The lines that begin so, or those of one build. */
function golden(build?: "simd" | "scalar"): string[] {
  const lines = readFileSync(GOLDEN_PATH, "utf8").trim().split("\n");
  return build === undefined ? lines : lines.filter((line) => line.includes(` ${build} batch `) && !line.startsWith("threads "));
}

/** Compare with all lines, or with those of one build on one thread. */
export function assertGolden(found: readonly string[], build?: "simd" | "scalar"): void {
  assert.deepEqual(found, golden(build));
}
