import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { NODES } from "../support/paths.ts";

for (const [version, path] of Object.entries(NODES)) {
  test(`Node ${version} runs`, () => {
    assert.match(execFileSync(path, ["-v"], { encoding: "utf8" }), new RegExp(`^v${version}\\.`));
  });
}
