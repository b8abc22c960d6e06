// The ONNX backend's node cases: none may give a wrong result, and the page that says what passes is what was found.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { countPassed, layOutPage, missingCases, runNodeCases } from "../support/node-cases.ts";

const PAGE = "docs/onnx-operators.md";

test("the node cases of the ONNX backend suite", { skip: missingCases ?? false }, async () => {
  const cases = await runNodeCases();
  const wrong = cases.flatMap(({ name, outcome }) => (outcome.kind === "wrong" ? [`${name}: ${outcome.message}`] : []));
  assert.deepEqual(wrong, []);
  const usual = cases.filter(({ isUsual }) => isUsual);
  assert.ok(countPassed(usual) >= 0.95 * usual.length, `${countPassed(usual)} of ${usual.length}`);
  const page = layOutPage(cases);
  if (process.env.HYBIT_WRITE_DOCS) writeFileSync(PAGE, page);
  assert.equal(page, readFileSync(PAGE, "utf8"));
});
