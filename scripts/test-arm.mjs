// Runs the tests that compute on ARM: every kernel against the oracle, random networks, the shipped models on the shipped
// drawings. The machine is emulated, so times mean nothing and networks are few (HYBIT_GRAPHS).
// Results must be those of any other host.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { run, runNode } from "./arm.mjs";

/** None of them starts another process: that one would not be emulated. */
const TESTS = ["tests/oracle", "tests/e2e/engine", "tests/e2e/drawings"];

for (const only of TESTS) {
  run("node", "scripts/test.mjs", "--bundle", "--only", only);
  const folder = `build/tests-${only.replaceAll(/\W+/g, "-")}`;
  const files = readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name)));
  for (const file of files.filter((name) => name.endsWith(".test.js"))) {
    console.log(`\n# ${file}, aarch64`);
    runNode([], "--enable-source-maps", file);
  }
}
