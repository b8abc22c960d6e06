// hybit diff, as a user types it: models that agree, models that do not, and stored values.
import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { readNpy, writeNpy } from "../../src/cli/npy.ts";
import { Random } from "../support/random.ts";
import { openSession } from "./command-line.ts";

const session = openSession();
after(() => session.close());

for (const kind of ["fbin", "wbin"]) {
  session.write(`${kind}.onnx`, gunzipSync(readFileSync(`tests/fixtures/sketch10/${kind}.onnx.gz`)));
  await session.hybit("convert", `${kind}.onnx`, "-o", `${kind}.hybit`);
}
session.write("x.npy", writeNpy([3, 1, 28, 28], new Random(1).floats(3 * 28 * 28)));
session.write("short.npy", writeNpy([3, 28], new Random(1).floats(3 * 28)));
mkdirSync(join(session.folder, "none"));

test("a conversion changes no value that both have", async () => {
  for (const kind of ["fbin", "wbin"]) {
    const { code, stdout, stderr } = await session.hybit("diff", `${kind}.onnx`, `${kind}.hybit`, "--input", "x.npy");
    assert.deepEqual([code, stderr], [0, ""], stdout);
    assert.match(stdout, /nothing differs: \d+ values compared/);
    assert.match(stdout, /logits +3x10/);
  }
});

test("the first layer that differs is told, with its values and their place", async () => {
  const { code, stdout } = await session.hybit("diff", "fbin.hybit", "wbin.hybit", "--input", "x.npy", "--json");
  assert.equal(code, 1);
  const { values, first } = JSON.parse(stdout);
  assert.equal(first, "/blocks/blocks.5/act/PRelu_output_0", "what comes before is folded away in one of them");
  const found = values.find(({ name }: { name: string }) => name === first);
  assert.equal(found.node.op, "conv2d");
  assert.ok(found.share > 0.01 && found.differing > 0.1 && found.at.length === 4);
  const shown = await session.hybit("diff", "fbin.hybit", "wbin.hybit", "--input", "x.npy");
  assert.match(shown.stdout, /first to differ: \/blocks\/blocks\.5\/act\/PRelu_output_0, in [\d.]+ % of its elements; at \[\d+,\d+,\d+,\d+\] it is/);
  assert.match(shown.stdout, /made by conv2d "\/blocks\/blocks\.5\/conv\/Conv"/);
});

test("values are written, compared with again, and one changed number is found", async () => {
  const dumped = await session.hybit("diff", "fbin.hybit", "--input", "x.npy", "--dump", "values");
  assert.deepEqual([dumped.code, dumped.stdout], [0, ""]);
  const files = readdirSync(join(session.folder, "values"));
  assert.ok(files.includes("logits.npy") && files.length >= 8);
  const same = await session.hybit("diff", "fbin.hybit", "values", "--input", "x.npy");
  assert.deepEqual([same.code, /nothing differs/.test(same.stdout)], [0, true]);
  const { shape, data } = readNpy(readFileSync(join(session.folder, "values", "logits.npy")));
  data[17] = 100;
  session.write("values/logits.npy", writeNpy(shape, data));
  const changed = await session.hybit("diff", "fbin.hybit", "values", "--input", "x.npy");
  assert.equal(changed.code, 1);
  assert.match(changed.stdout, /first to differ: logits, in 3\.3 % of its elements; at \[1,7\] it is -?[\d.]+ and 100/);
  const allowed = await session.hybit("diff", "fbin.hybit", "values", "--input", "x.npy", "--tolerance", "2");
  assert.equal(allowed.code, 0);
});

const WRONG: [string, string[], number, RegExp][] = [
  ["one model alone", ["fbin.hybit"], 2, /nothing to compare with; give a second model, or --dump/],
  ["a folder first", ["none", "fbin.hybit"], 1, /none: the folder holds no \.npy file/],
  ["an empty folder", ["fbin.hybit", "none"], 1, /none: the folder holds no \.npy file/],
  ["an input of another shape", ["fbin.hybit", "wbin.hybit", "--input", "short.npy"], 1, /short\.npy: its shape is 3x28 but input "input" needs/],
  ["a missing input", ["fbin.hybit", "wbin.hybit", "--input", "no.npy"], 1, /no\.npy: cannot be read: there is no such file/],
  ["a file that is no model", ["fbin.hybit", "x.npy"], 1, /x\.npy: it is neither an ONNX nor a TensorFlow Lite file/],
  ["a tolerance below 0", ["fbin.hybit", "wbin.hybit", "--tolerance", "-1"], 2, /It must be a number from 0/],
];

for (const [what, args, code, message] of WRONG) {
  test(`${what}: explained`, async () => {
    const outcome = await session.hybit("diff", ...args);
    assert.equal(outcome.code, code, outcome.stderr);
    assert.match(outcome.stderr, message);
  });
}
