// JavaScriptCore's shell with its JIT off: no Web API, no SIMD. The package takes its scalar build by itself.
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { assertGolden } from "../support/golden.ts";
import { JSC, PACKED } from "../support/paths.ts";

test("jsc without JIT computes the golden vectors of the scalar build", () => {
  const printed = execFileSync(JSC, ["--useJIT=0", "in-shell.js"], { encoding: "utf8", cwd: PACKED });
  assertGolden(printed.trim().split("\n"), { build: "scalar" });
});
