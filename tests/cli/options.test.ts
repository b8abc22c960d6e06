// The options with a small language of their own: --preprocess and --labels.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { readLabels } from "../../src/cli/labels.ts";
import { parsePreprocess } from "../../src/cli/preprocess-option.ts";

test("--preprocess: short and full forms", () => {
  const plain = { width: 28, height: 28, channels: "gray", mean: [0], std: [1], invert: false, resize: "stretch" };
  assert.deepEqual(parsePreprocess("gray,28x28"), plain);
  assert.deepEqual(parsePreprocess("28x28, grey, invert"), { ...plain, invert: true });
  assert.deepEqual(parsePreprocess("rgb,224x192,mean=0.485,0.456,0.406,std=0.25,resize=cover"), {
    width: 224,
    height: 192,
    channels: "rgb",
    mean: [0.485, 0.456, 0.406],
    std: [0.25, 0.25, 0.25],
    invert: false,
    resize: "cover",
  });
});

test("--preprocess: what is wrong is named", () => {
  const cases: [string, RegExp][] = [
    ["gray", /size is missing/],
    ["28x28", /channels are missing/],
    ["gray,0x28", /size is missing/],
    ["gray,28x28,inverted", /"inverted" is not understood/],
    ["gray,28x28,mean=x", /"mean=x" is not understood/],
    ["rgb,8x8,mean=1,2", /mean has 2 numbers; give 1 or 3/],
    ["gray,8x8,std=0", /larger than 0/],
    ["gray,8x8,resize=crop", /"crop"; it must be stretch, contain or cover/],
    ["gray,8x8,0.5", /"0.5" is not understood/],
    ["gray,28x28,", /"" is not understood/],
  ];
  for (const [text, pattern] of cases) assert.throws(() => parsePreprocess(text), pattern, text);
});

test("--labels: in place, as lines, as JSON list or object", async () => {
  const folder = mkdtempSync(join(tmpdir(), "hybit-labels-"));
  try {
    const write = (name: string, text: string) => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    assert.deepEqual(await readLabels("cat, dog,fish"), ["cat", "dog", "fish"]);
    assert.deepEqual(await readLabels(write("a.txt", "cat\r\ndog\n\n")), ["cat", "dog"]);
    assert.deepEqual(await readLabels(write("b.json", '["cat", "dog"]')), ["cat", "dog"]);
    assert.deepEqual(await readLabels(write("c.txt", '{"1": "dog", "0": "cat"}')), ["cat", "dog"]);
    await assert.rejects(readLabels(write("d.json", '{"0": "cat", "2": "dog"}')), /every class number once/);
    await assert.rejects(readLabels(write("e.json", "[1, 2]")), /list of names/);
    await assert.rejects(readLabels(write("f.json", "[")), /not valid JSON/);
    await assert.rejects(readLabels(write("g.txt", "\n")), /no labels/);
    await assert.rejects(readLabels(join(folder, "none.txt")), /no such file/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
