// Files written by earlier versions load for ever, and say what they said when they were made.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { describeModel } from "./describe.ts";

const FOLDER = "tests/golden";
const names = readdirSync(FOLDER).filter((name) => name.endsWith(".hybit"));

test("the golden files are all there", () => {
  assert.deepEqual(names.sort(), ["v1-every-op.hybit", "v1-smallest.hybit", "v1-wide.hybit", "v2-epilogues.hybit", "v3-bytes.hybit"]);
});

for (const name of names) {
  test(`${name} loads as it always did`, () => {
    const expected = readFileSync(`${FOLDER}/${name.replace(/\.hybit$/, ".txt")}`, "utf8");
    assert.deepEqual(JSON.parse(describeModel(new Uint8Array(readFileSync(`${FOLDER}/${name}`)))), JSON.parse(expected));
  });
}
