// hybit select, and hybit convert --selection, as a user types them.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { writeNpy } from "../../src/cli/npy.ts";
import { Random } from "../support/random.ts";
import { makePng, openSession } from "./command-line.ts";

const session = openSession();
after(() => session.close());

for (const kind of ["fbin", "wbin"]) session.write(`${kind}.onnx`, gunzipSync(readFileSync(`tests/fixtures/sketch10/${kind}.onnx.gz`)));
session.write("x.npy", writeNpy([20, 1, 28, 28], new Random(1).floats(20 * 28 * 28)));
session.write("half.json", '{"real":[],"model":{"name":"x","sha256":"y"},"layers":[null]}');
mkdirSync(join(session.folder, "empty"));
mkdirSync(join(session.folder, "drawings", "cats"), { recursive: true });
session.write(
  join("drawings", "a.png"),
  makePng(28, 28, (x) => x < 9),
);
session.write(
  join("drawings", "cats", "b.png"),
  makePng(28, 28, (x, y) => x === y),
);
session.write(join("drawings", "notes.txt"), "no picture");

test("a choice is made, written, and obeyed by convert", async () => {
  const selected = await session.hybit("select", "fbin.onnx", "--data", "x.npy", "-o", "selection.json");
  assert.deepEqual([selected.code, selected.stderr], [0, ""]);
  assert.match(selected.stdout, /measured on 20 inputs/);
  const { real, layers } = JSON.parse(readFileSync(join(session.folder, "selection.json"), "utf8"));
  assert.equal(real.length, 1);
  assert.deepEqual(
    layers.filter(({ kind }: { kind: string }) => kind === "WBin").map(({ name }: { name: string }) => name),
    real,
  );
  const converted = await session.hybit("convert", "fbin.onnx", "-o", "hybrid.hybit", "--selection", "selection.json", "--json");
  const kinds = JSON.parse(converted.stdout).layers.map(({ name, kind }: { name: string; kind: string }) => [name, kind]);
  assert.deepEqual(
    kinds,
    layers.map(({ name, kind }: { name: string; kind: string }) => [name, kind]),
  );
});

test("a budget is kept and drawn", async () => {
  const selected = await session.hybit("select", "fbin.onnx", "--data", "x.npy", "--max-ms", "1000", "-o", "budget.json");
  assert.deepEqual([selected.code, selected.stderr], [0, ""]);
  assert.match(selected.stdout, /about [\d.]+ ms, of [\d.]+ ms with binary and [\d.]+ ms with real inputs everywhere/);
  assert.equal((await session.hybit("report", "budget.json")).code, 0);
  assert.match(readFileSync(join(session.folder, "budget.html"), "utf8"), /What binary inputs change, against what the net costs/);
});

test("weights are chosen within a drop, convert obeys, and models are drawn side by side", async () => {
  const among = "/blocks/blocks.0/conv/Conv,/classifier/Gemm";
  session.write("classes.npy", writeNpy([20], new Float32Array(20)));
  const args = ["select", "wbin.onnx", "--data", "x.npy", "--binarize", "8-bit", "--layers", among];
  const selected = await session.hybit(...args, "--max-drop", "0.05", "-o", "weights.json");
  assert.deepEqual([selected.code, selected.stderr], [0, ""]);
  assert.match(selected.stdout, /real weights: none;[\s\S]*about [\d.]+ kB, of .*; the outputs change by [\d.]+ %/);
  const converted = await session.hybit("convert", "wbin.onnx", "-o", "8-bit.hybit", "--selection", "weights.json");
  assert.match(converted.stdout, /a sum of 8 binary layers by convert/);
  const both = await session.hybit("convert", "wbin.onnx", "-o", "y.hybit", "--selection", "weights.json", "--binarize", "sign");
  assert.deepEqual([both.code, /weights\.json says how weights are binarized/.test(both.stderr)], [2, true]);
  const byTruth = await session.hybit(...args, "--max-bytes", "1000000", "--truth", "classes.npy");
  assert.match(byTruth.stdout, /points of accuracy, for [\d.]+ kB[\s\S]*accuracy on these inputs [\d.]+ %, as chosen [\d.]+ %/);

  await session.hybit("convert", "wbin.onnx", "-o", "wbin.hybit");
  const sides = ["--variants", "8-bit.hybit", "wbin.hybit", "--data", "x.npy", "--truth", "classes.npy"];
  const drawn = await session.hybit("report", "weights.json", "--weights", "wbin.onnx", ...sides, "-o", "all.html");
  assert.deepEqual([drawn.code, drawn.stderr], [0, ""]);
  const page = readFileSync(join(session.folder, "all.html"), "utf8");
  for (const title of ["Which weights stay real", "What a switch of each layer alone changes", "Accuracy against time", "Accuracy against size"]) {
    assert.ok(page.includes(`>${title}<`), title);
  }
  for (const title of ["K/n across layers", "Weights of /classifier/Gemm", "What binary weights lose in each layer"]) {
    assert.ok(page.includes(`>${title}<`), title);
  }
  assert.match(page, /<td>8-bit<\/td><td>16 WBin|<td>8-bit<\/td><td>\d+ WBin/);
  assert.doesNotMatch(page.replaceAll("http://www.w3.org/", ""), /https?:|<script|src=|@import|NaN|undefined/);
});

test("the choice is drawn as a page that asks for nothing", async () => {
  const path = join(session.folder, "selection.json");
  const selection = JSON.parse(readFileSync(path, "utf8"));
  selection.layers[1].name = "<b>&conv";
  session.write("named.json", JSON.stringify(selection));
  const { code, stdout, stderr } = await session.hybit("report", "named.json");
  assert.deepEqual([code, stderr], [0, ""]);
  assert.match(stdout, /written {2}named\.html/);
  const page = readFileSync(join(session.folder, "named.html"), "utf8");
  assert.equal(page.match(/<svg [^>]*viewBox="0 0 860/g)?.length, 5);
  assert.doesNotMatch(page.replaceAll("http://www.w3.org/", ""), /https?:|<script|src=|@import|<b>&conv/);
  assert.match(page, /&lt;b&gt;&amp;conv/);
});

test("pictures of a folder and those in it are read, other files are not", async () => {
  const { code, stdout } = await session.hybit("select", "fbin.onnx", "--data", "drawings", "--preprocess", "gray,28x28,invert", "--json");
  assert.equal(code, 0);
  assert.equal(JSON.parse(stdout).images, 2);
});

test("analyze tells it filter by filter, and the filters add up to the layer", async () => {
  const { layers } = JSON.parse((await session.hybit("analyze", "fbin.onnx", "--json")).stdout);
  const { name, filters, high } = layers[0];
  const one = await session.hybit("analyze", "fbin.onnx", "--filters", name);
  assert.deepEqual([one.code, one.stderr, one.stdout.trim().split("\n").length], [0, "", filters + 1]);
  const found = JSON.parse((await session.hybit("analyze", "fbin.onnx", "--filters", name, "--json")).stdout).filters;
  const mean = found.reduce((sum: number, filter: { high: number }) => sum + filter.high, 0) / filters;
  assert.ok(Math.abs(mean - high.mean) < 1e-9);
  const missing = await session.hybit("analyze", "fbin.onnx", "--filters", "nowhere");
  assert.match(missing.stderr, /there is no layer "nowhere" with real weights; those are /);
});

test("analyze tells what binary weights would lose", async () => {
  const { code, stdout, stderr } = await session.hybit("analyze", "fbin.onnx");
  assert.deepEqual([code, stderr], [0, ""]);
  assert.match(stdout, /layers that gain from two levels[\s\S]*\/blocks\/blocks\.0\/conv\/Conv/);
  const { layers } = JSON.parse((await session.hybit("analyze", "fbin.onnx", "--json")).stdout);
  assert.equal(layers.length, 7);
  for (const { lost } of layers.slice(1, 6)) assert.ok(lost.sign < 1e-9, "binary weights lose nothing");
});

test("convert binarizes real weights on request, and says what is lost", async () => {
  const args = ["convert", "wbin.onnx", "-o", "signs.hybit", "--json", "--binarize", "two-level", "--layers"];
  const { code, stdout } = await session.hybit(...args, "/blocks/blocks.0/conv/Conv,/classifier/Gemm");
  assert.equal(code, 0);
  const { layers } = JSON.parse(stdout);
  for (const at of [0, 6]) {
    assert.equal(layers[at].weights, "two-level");
    assert.match(layers[at].reason, /weights binarized by convert: [\d.]+ % of their square lost/);
  }
  const unknown = await session.hybit(...args, "conv9");
  assert.equal(unknown.code, 1);
  assert.match(unknown.stderr, /there is no layer "conv9" to binarize; the layers are \/blocks/);
});

const WRONG: readonly [string, string[], number, RegExp][] = [
  ["an empty folder", ["select", "fbin.onnx", "--data", "empty"], 1, /empty: the folder holds no \.npy, PNG, JPEG or \.ndjson file/],
  ["pictures without a rule", ["select", "fbin.onnx", "--data", "drawings"], 1, /a\.png: pictures need --preprocess/],
  [
    "a file that is no picture",
    ["select", "fbin.onnx", "--data", "drawings/notes.txt", "--preprocess", "gray,28x28"],
    1,
    /notes\.txt: it is no picture/,
  ],
  ["a missing file", ["select", "fbin.onnx", "--data", "nowhere"], 1, /nowhere: cannot be read: there is no such file/],
  ["a net without signs", ["select", "wbin.onnx", "--data", "x.npy"], 1, /give a net trained with binary inputs, or --binarize/],
  ["a ratio of 2", ["select", "fbin.onnx", "--data", "x.npy", "--ratio", "2"], 2, /above 0 and up to 1/],
  ["a budget that is none", ["select", "fbin.onnx", "--data", "x.npy", "--max-ms", "0"], 2, /milliseconds above 0/],
  ["two budgets", ["select", "fbin.onnx", "--data", "x.npy", "--max-ms", "1", "--max-drop", "1"], 1, /more than one budget/],
  ["weights without a budget", ["select", "wbin.onnx", "--data", "x.npy", "--binarize", "sign"], 1, /needs a budget of milliseconds, bytes or drop/],
  [
    "bytes too few",
    ["select", "fbin.onnx", "--data", "x.npy", "--max-bytes", "9"],
    1,
    /has \d+ bytes with all inputs binary, more than the 9 allowed/,
  ],
  ["classes without a budget", ["select", "fbin.onnx", "--data", "x.npy", "--truth", "x.npy"], 1, /right classes are for choosing within a budget/],
  ["nothing to draw", ["report"], 2, /nothing to draw; give a selection, --variants or --weights/],
  ["models without inputs", ["report", "--variants", "a.hybit", "-o", "a.html"], 2, /--variants needs --data and --truth/],
  ["a page without a name", ["report", "--weights", "fbin.onnx"], 2, /no name to write to; give -o/],
  ["weights of a text", ["report", "--weights", "half.json", "-o", "a.html"], 1, /half\.json: it is neither an ONNX nor a TensorFlow Lite file/],
  [
    "classes that are none",
    ["report", "--variants", "models/a.hybit", "--data", "x.npy", "--truth", "x.npy", "-o", "a.html"],
    1,
    /a\.hybit: cannot be read: there is no such file/,
  ],
  ["a budget too small", ["select", "fbin.onnx", "--data", "x.npy", "--max-ms", "1e-6"], 1, /all inputs binary, more than/],
  ["no data", ["select", "fbin.onnx"], 2, /--data/],
  ["a selection that is none", ["convert", "fbin.onnx", "-o", "y.hybit", "--selection", "x.npy"], 1, /x\.npy: it is no selection/],
  ["layers without a method", ["convert", "wbin.onnx", "-o", "y.hybit", "--layers", "a"], 2, /--layers goes with --binarize/],
  ["an analysis of a text", ["analyze", "half.json"], 1, /half\.json: it is neither an ONNX nor a TensorFlow Lite file/],
  ["a report of a model", ["report", "fbin.onnx"], 1, /fbin\.onnx: it is no selection; hybit select -o writes one/],
  ["a report of half a selection", ["report", "half.json"], 1, /half\.json: it is no selection/],
  ["a selection for another model", ["convert", "wbin.onnx", "-o", "y.hybit", "--selection", "selection.json"], 1, /another model than wbin\.onnx/],
];

for (const [what, args, code, message] of WRONG) {
  test(`${what} is explained`, async () => {
    const outcome = await session.hybit(...args);
    assert.equal(outcome.code, code, outcome.stderr);
    assert.match(outcome.stderr, message);
    assert.equal(outcome.stderr.trim().split("\n").length, 1);
  });
}

test("numbers that are not finite are refused", async () => {
  session.write("nan.npy", writeNpy([1, 1, 28, 28], new Float32Array(784).fill(Number.NaN)));
  const { code, stderr } = await session.hybit("select", "fbin.onnx", "--data", "nan.npy");
  assert.equal(code, 1);
  assert.match(stderr, /NaN at index 0/);
});
