// hybit eval, as a user types it: every kind of input, and what is wrong with some.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { gzipSync } from "node:zlib";
import { writeNpy } from "../../src/cli/npy.ts";
import { buildModel } from "../support/onnx-builder.ts";
import { makePng, openSession } from "./command-line.ts";

const session = openSession();
after(() => session.close());

// Three classes that say where the ink is: left half, right half, upper half of 4x4 pixels.
const half = (isIn: (x: number, y: number) => boolean) => Array.from({ length: 16 }, (_, i) => (isIn(i % 4, i >> 2) ? 1 : -1));
const HALVES = [half((x) => x < 2), half((x) => x >= 2), half((_, y) => y < 2)];
const onnx = buildModel({
  nodes: [
    { op: "Flatten", inputs: ["x"], outputs: ["f"] },
    { op: "Gemm", inputs: ["f", "w"], outputs: ["y"], attributes: { transB: 1 } },
  ],
  inputs: [{ name: "x", shape: ["n", 1, 4, 4] }],
  outputs: ["y"],
  initializers: { w: { dims: [3, 16], values: HALVES.flat() } },
});
session.write("net.onnx", onnx);
const rule = ["--labels", "left,right half,upper", "--preprocess", "gray,4x4"];
await session.hybit("convert", "net.onnx", "-o", "net.hybit", ...rule);
await session.hybit("convert", "net.onnx", "-o", "plain.hybit");

const inks: ((x: number, y: number) => boolean)[] = [(x) => x < 2, (x) => x >= 2, (_, y) => y < 2, (x) => x < 1];
/** The last picture is said to show the upper half and looks like the left one. */
const LABELS = [0, 1, 2, 2];
const pixels = inks.map((ink) => Array.from({ length: 16 }, (_, i) => (ink(i % 4, i >> 2) ? 255 : 0)));
const idx = (dims: number[], values: number[]) =>
  Uint8Array.from([0, 0, 8, dims.length, ...dims.flatMap((dim) => [0, 0, dim >> 8, dim & 255]), ...values]);
session.write("x-idx3", idx([4, 4, 4], pixels.flat()));
session.write("y-idx1.gz", gzipSync(idx([4], LABELS)));
session.write("cut-idx3", idx([5, 4, 4], pixels.flat()));
session.write(
  "x.npy",
  writeNpy(
    [4, 1, 4, 4],
    Float32Array.from(pixels.flat(), (v) => v / 255),
  ),
);
session.write("y.npy", writeNpy([4], Float32Array.from(LABELS)));
session.write("y3.npy", writeNpy([3], Float32Array.from([0, 1, 2])));
session.write("y9.npy", writeNpy([4], Float32Array.from([0, 1, 2, 9])));
session.write("rows.csv", `label,${pixels[0]?.map((_, i) => `p${i}`)}\n${pixels.map((row, i) => [LABELS[i], ...row].join()).join("\n")}\n`);
session.write("ragged.csv", "1,2,3,4,5\n1,2,3\n");
session.write("text.csv", "1,2,3,4,many\n");
session.write("notes.txt", "what is this");
for (const [index, name] of ["left", "Right_Half", "upper", "upper"].entries()) {
  mkdirSync(join(session.folder, "set", name), { recursive: true });
  session.write(
    join("set", name, `${index}.png`),
    makePng(4, 4, (x, y) => !(inks[index] as (typeof inks)[0])(x, y)),
  );
}
mkdirSync(join(session.folder, "wrong", "middle"), { recursive: true });
mkdirSync(join(session.folder, "empty", "left"), { recursive: true });
mkdirSync(join(session.folder, "flat"));

const SOURCES: [string, string[]][] = [
  ["idx pictures", ["net.hybit", "--data", "x-idx3", "--truth", "y-idx1.gz"]],
  ["an array", ["plain.hybit", "--data", "x.npy", "--truth", "y.npy"]],
  ["CSV rows", ["net.hybit", "--data", "rows.csv"]],
  ["a folder of a folder a class", ["net.hybit", "--data", "set"]],
];

for (const [what, args] of SOURCES) {
  test(`${what}: three of four are right`, async () => {
    const { code, stdout, stderr } = await session.hybit("eval", ...args, "--json");
    assert.deepEqual([code, stderr], [0, ""]);
    const { inputs, top1, confusion, classes } = JSON.parse(stdout);
    assert.deepEqual([inputs, top1], [4, 0.75]);
    assert.deepEqual(confusion, [
      [1, 0, 0],
      [0, 1, 0],
      [1, 0, 1],
    ]);
    const upper = classes[2];
    assert.deepEqual([upper.count, upper.right, upper.recall, upper.precision, upper.takenFor.count], [2, 1, 0.5, 1, 1]);
  });
}

test("it is shown as tables, and drawn as a page that asks for nothing", async () => {
  const { code, stdout } = await session.hybit("eval", "net.hybit", "--data", "rows.csv", "-o", "page.html");
  assert.equal(code, 0);
  assert.match(stdout, /upper +2 +1 +50\.0 % +100\.0 % +left \(1\)/);
  assert.match(stdout, /upper +1 +1\n/);
  assert.match(stdout, /top-1 75\.00 % {2}of 4 inputs\n\d+ inputs\/s with reading and preprocessing, \d+ of the model alone/);
  const page = readFileSync(join(session.folder, "page.html"), "utf8");
  assert.match(page, /What each class was taken for/);
  assert.match(page, /upper taken for left: 1/);
  assert.doesNotMatch(page.replaceAll("http://www.w3.org/", ""), /https?:|<script|src=|@import|NaN|undefined/);
});

const WRONG: [string, string[], number, RegExp][] = [
  ["no truth", ["net.hybit", "--data", "x-idx3"], 1, /x-idx3: it does not say what is right; add --truth/],
  ["a truth of another length", ["net.hybit", "--data", "x.npy", "--truth", "y3.npy"], 1, /y3\.npy: it holds 3 class numbers but there are 4 inputs/],
  ["a class too many", ["net.hybit", "--data", "x.npy", "--truth", "y9.npy"], 1, /y9\.npy: it has the class 9; the model's are 0 to 2/],
  ["a truth that is none", ["net.hybit", "--data", "x.npy", "--truth", "notes.txt"], 1, /notes\.txt: it is neither an idx nor a \.npy file/],
  [
    "a cut idx file",
    ["net.hybit", "--data", "cut-idx3", "--truth", "y.npy"],
    1,
    /cut-idx3: it says it holds \[5,4,4\], which is 80 bytes, and holds 64/,
  ],
  ["ragged rows", ["net.hybit", "--data", "ragged.csv"], 1, /ragged\.csv: line 2 has 3 columns, the first row 5/],
  ["words for pixels", ["net.hybit", "--data", "text.csv"], 1, /text\.csv: line 1, column 5 is "many"/],
  ["a text", ["net.hybit", "--data", "notes.txt"], 1, /notes\.txt: it is no file that is known/],
  ["a folder of another class", ["net.hybit", "--data", "wrong"], 1, /middle: "middle" is none of the model's classes: left, right half, upper/],
  ["folders without pictures", ["net.hybit", "--data", "empty"], 1, /empty: its folders hold no PNG or JPEG file/],
  ["a folder without folders", ["net.hybit", "--data", "flat"], 1, /flat: it holds no folders; give one for each class/],
  ["nothing there", ["net.hybit", "--data", "nowhere"], 1, /nowhere: cannot be read: there is no such file/],
  ["one picture", ["net.hybit", "--data", "set/left/0.png"], 1, /one picture says nothing of accuracy/],
  ["pictures without a rule", ["plain.hybit", "--data", "rows.csv"], 1, /does not say how pictures become its input; add --preprocess/],
  ["no data", ["net.hybit"], 2, /--data/],
];

for (const [what, args, code, message] of WRONG) {
  test(`${what}: explained`, async () => {
    const outcome = await session.hybit("eval", ...args);
    assert.equal(outcome.code, code, outcome.stderr);
    assert.match(outcome.stderr, message);
    assert.equal(outcome.stderr.trim().split("\n").length, 1);
  });
}
