// docs/papers.md says what the code computes.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";

test("the costs in docs/papers.md are those of the zoo", () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/papers.mjs", "--check"], { encoding: "utf8" });
  assert.deepEqual([status, stdout, stderr], [0, "docs/papers.md has the costs of the code\n", ""]);
});
