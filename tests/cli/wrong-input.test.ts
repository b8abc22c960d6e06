// What a user gets wrong: one clear sentence on stderr that names the file, nothing on stdout, the right exit code.
import assert from "node:assert/strict";
import { chmodSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { writeNpy } from "../../src/cli/npy.ts";
import { LABELS, makePng, makeSidesOnnx, openSession, type Session } from "./command-line.ts";

let session: Session;

before(async () => {
  session = openSession();
  const onnx = makeSidesOnnx();
  const png = makePng(4, 4, () => true);
  session.write("sides.onnx", onnx);
  for (const [name, ...options] of [["sides", "--preprocess", "gray,4x4"], ["plain"]] as const) {
    const { code, stderr } = await session.hybit("convert", "sides.onnx", "-o", `${name}.hybit`, "--labels", LABELS.join(), ...options);
    assert.deepEqual([code, stderr], [0, ""]);
  }
  const model = readFileSync(join(session.folder, "sides.hybit"));
  const damaged = Uint8Array.from(model);
  damaged[model.length - 9] = 255 - (damaged[model.length - 9] as number);
  session.write("cut.hybit", model.subarray(0, model.length - 7));
  session.write("damaged.hybit", damaged);
  session.write("empty", "");
  session.write("notes.txt", "just some text\n");
  session.write("cut.onnx", onnx.subarray(0, onnx.length - 30));
  session.write("sigmoid.onnx", "\x08\x07 not really");
  session.write("ok.png", png);
  session.write("cut.png", png.subarray(0, 40));
  session.write("huge.png", makeHugePng(png));
  session.write("cut.jpg", Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 16));
  session.write("picture.gif", "GIF89a......");
  session.write("broken.ndjson", '{"word":"left","drawing":[[[0,1],[0,1]]]}\n{"word":\n');
  session.write("odd.ndjson", '{"drawing":[[[0,1],[0]]]}\n');
  session.write("other.ndjson", '{"strokes":[]}\n');
  session.write("x.npy", writeNpy([2, 1, 4, 4], new Float32Array(32)));
  session.write("flat.npy", writeNpy([2, 16], new Float32Array(32)));
  session.write("nan.npy", writeNpy([1, 1, 4, 4], new Float32Array(16).fill(Number.NaN)));
  mkdirSync(join(session.folder, "folder"));
});

after(() => session.close());

/** The same picture, whose header promises 60000 x 60000 pixels. */
function makeHugePng(png: Uint8Array): Uint8Array {
  const huge = Uint8Array.from(png);
  const view = new DataView(huge.buffer);
  view.setUint32(16, 60000);
  view.setUint32(20, 60000);
  return huge;
}

const FAILURES: [name: string, args: string[], stderr: RegExp][] = [
  ["missing model", ["run", "none.hybit", "ok.png"], /none\.hybit: cannot be read: there is no such file/],
  ["a folder as model", ["inspect", "folder"], /folder: cannot be read: it is a folder/],
  ["empty model", ["run", "empty", "ok.png"], /empty: .*empty/],
  ["text as model", ["inspect", "notes.txt"], /notes\.txt: .*text/],
  ["ONNX given to run", ["run", "sides.onnx", "ok.png"], /sides\.onnx: .*ONNX model; convert it first: hybit convert/],
  ["ONNX given to inspect", ["inspect", "sides.onnx"], /convert it first: hybit convert/],
  ["ONNX given to export", ["export", "sides.onnx", "-o", "o.onnx"], /sides\.onnx: .*ONNX model/],
  ["damaged model to export", ["export", "damaged.hybit", "-o", "o.onnx"], /damaged\.hybit: .*(damaged|checksum|differ)/],
  ["no folder for the export", ["export", "sides.hybit", "-o", "none/o.onnx"], /none\/o\.onnx: cannot be written: there is no folder none/],
  ["a network with too small an input", ["zoo", "alexnet", "--size", "30", "-o", "o.hybit"], /alexnet: in node "conv2\.pool": .*use a larger input/],
  [
    "a variant that a network has not",
    ["zoo", "googlenet", "--variant", "hybrid", "-o", "o.hybit"],
    /googlenet has no variant hybrid; choose one of fprec,/,
  ],
  ["no folder for the network", ["zoo", "sketchanet", "--size", "81", "--divider", "16", "-o", "none/o.hybit"], /there is no folder none/],
  ["ONNX given to bench", ["bench", "sides.onnx"], /convert it first: hybit convert/],
  ["picture as model", ["run", "ok.png", "sides.hybit"], /ok\.png: .*picture; the model comes first/],
  ["truncated model", ["run", "cut.hybit", "ok.png"], /cut\.hybit: .*(cut|end|truncat|download)/],
  ["damaged model", ["run", "damaged.hybit", "ok.png"], /damaged\.hybit: .*(damaged|checksum|differ)/],
  ["model without preprocessing", ["run", "plain.hybit", "ok.png"], /plain\.hybit: .*--preprocess.*--input/],
  ["missing picture", ["run", "sides.hybit", "none.png"], /none\.png: cannot be read: there is no such file/],
  ["empty picture", ["run", "sides.hybit", "empty"], /empty: it is empty/],
  ["text as picture", ["run", "sides.hybit", "notes.txt"], /notes\.txt: it is no picture; pictures are PNG, JPEG/],
  ["GIF", ["run", "sides.hybit", "picture.gif"], /GIF.*convert it to PNG/],
  ["model as picture", ["run", "sides.hybit", "sides.hybit"], /it is a hybit model; the model comes first/],
  ["numbers as picture", ["run", "sides.hybit", "x.npy"], /--input/],
  ["cut PNG", ["run", "sides.hybit", "cut.png"], /cut\.png: the PNG cannot be decoded/],
  ["huge PNG", ["run", "sides.hybit", "huge.png"], /huge\.png: it is 60000 x 60000 pixels/],
  ["cut JPEG", ["run", "sides.hybit", "cut.jpg"], /cut\.jpg: the JPEG cannot be decoded/],
  ["broken line", ["run", "sides.hybit", "broken.ndjson"], /broken\.ndjson: line 2: it is not JSON/],
  ["stroke of uneven length", ["run", "sides.hybit", "odd.ndjson"], /odd\.ndjson: line 1: .*equal length/],
  ["no drawing", ["run", "sides.hybit", "other.ndjson"], /other\.ndjson: line 1: "drawing" is not a list of strokes/],
  [
    "wrong shape",
    ["run", "sides.hybit", "--input", "flat.npy", "--out", "o"],
    /flat\.npy: its shape is 2x16 but input "image" needs Nx1x4x4; save x\.reshape\(-1, 1, 4, 4\)/,
  ],
  ["picture as array", ["run", "sides.hybit", "--input", "ok.png", "--out", "o"], /ok\.png: it is not a \.npy file/],
  ["NaN", ["run", "sides.hybit", "--input", "nan.npy", "--out", "o"], /input "image" has NaN at index 0/],
  ["output folder is a file", ["run", "sides.hybit", "--input", "x.npy", "--out", "notes.txt"], /notes\.txt: cannot be made a folder: it is a file/],
  ["text to convert", ["convert", "notes.txt", "-o", "o.hybit"], /notes\.txt: it is neither an ONNX nor a TensorFlow Lite file/],
  ["nothing to convert", ["convert", "empty", "-o", "o.hybit"], /empty: it is empty/],
  ["cut ONNX", ["convert", "cut.onnx", "-o", "o.hybit"], /cut\.onnx: /],
  ["no ONNX behind its first byte", ["convert", "sigmoid.onnx", "-o", "o.hybit"], /sigmoid\.onnx: /],
  ["model to convert", ["convert", "sides.hybit", "-o", "o.hybit"], /it is a hybit model already/],
  ["no folder for the output", ["convert", "sides.onnx", "-o", "none/o.hybit"], /none\/o\.hybit: cannot be written: there is no folder none/],
  ["output is a folder", ["convert", "sides.onnx", "-o", "folder"], /folder: cannot be written: it is a folder; add a file name/],
  ["missing labels", ["convert", "sides.onnx", "-o", "o.hybit", "--labels", "none.txt"], /none\.txt: cannot be read: there is no such file/],
  ["preprocessing of another size", ["convert", "sides.onnx", "-o", "o.hybit", "--preprocess", "gray,8x8"], /sides\.onnx: .*preprocess/i],
  ["too little memory", ["bench", resolve("models/sketch10-fprec.hybit"), "--max-memory", "3"], /fprec\.hybit: .*smaller batch or raise maxMemory/],
];

const USAGE: [name: string, args: string[], stderr: RegExp][] = [
  ["nothing", ["run"], /missing required argument 'model'; see hybit run --help/],
  ["no picture", ["run", "sides.hybit"], /give at least one picture/],
  ["pictures and arrays", ["run", "sides.hybit", "ok.png", "--input", "x.npy", "--out", "o"], /give pictures or --input, not both/],
  ["array without folder", ["run", "sides.hybit", "--input", "x.npy"], /--input needs --out DIR/],
  ["folder without array", ["run", "sides.hybit", "ok.png", "--out", "o"], /--out goes with --input/],
  ["unknown input", ["run", "sides.hybit", "--input", "y=x.npy", "--out", "o"], /there is no input "y"; the model's inputs are "image"/],
  ["one input too many", ["run", "sides.hybit", "--input", "x.npy", "flat.npy", "--out", "o"], /one input too many/],
  ["input twice", ["run", "sides.hybit", "--input", "image=x.npy", "image=x.npy", "--out", "o"], /"image" is given twice/],
  ["unknown option", ["inspect", "sides.hybit", "--pln"], /unknown option '--pln' \(Did you mean --plan\?\); see hybit inspect --help/],
  ["unknown command", ["inspct", "sides.hybit"], /unknown command 'inspct' \(Did you mean inspect\?\); see hybit --help/],
  ["unknown build", ["bench", "sides.hybit", "--build", "avx"], /argument 'avx' is invalid\. Allowed choices are auto, simd, scalar/],
  ["no number", ["run", "sides.hybit", "ok.png", "--top", "many"], /It must be a whole number from 1/],
  ["no output", ["convert", "sides.onnx"], /'-o, --output <file>' not specified/],
  ["no output of export", ["export", "sides.hybit"], /'-o, --output <file>' not specified/],
  ["unknown network", ["zoo", "resnet50", "-o", "o.hybit"], /'resnet50' is invalid .*Allowed choices are alexnet, alexnet-2012, cifarvgg, /],
  ["a network and no file", ["zoo", "resnet18"], /where to\? Add -o resnet18-fbin\.hybit/],
  ["a file and no network", ["zoo", "-o", "o.hybit"], /-o needs the name of a network: alexnet, /],
  ["odd preprocessing", ["convert", "sides.onnx", "-o", "o.hybit", "--preprocess", "gray"], /The size is missing/],
];

for (const [title, cases, wanted] of [
  ["work that cannot be done ends with 1 and one sentence", FAILURES, 1],
  ["a command line that makes no sense ends with 2 and one sentence", USAGE, 2],
] as const) {
  test(title, async () => {
    const wrong: string[] = [];
    for (const [name, args, pattern] of cases) {
      const { code, stdout, stderr } = await session.hybit(...args);
      const isOneSentence = /^hybit: [^\n]+\n$/.test(stderr) && !stderr.includes("    at ");
      if (code !== wanted || stdout !== "" || !pattern.test(stderr) || !isOneSentence) wrong.push(`${name}: code ${code}\n${stdout}${stderr}`);
    }
    assert.equal(wrong.join("\n"), "");
  });
}

test("no command at all shows the help on stderr", async () => {
  const { code, stdout, stderr } = await session.hybit();
  assert.deepEqual([code, stdout], [2, ""]);
  assert.match(stderr, /^Usage: hybit/);
});

test("a failed conversion leaves the folder as it was, and an old output untouched", async () => {
  session.write("kept.hybit", "old");
  const before = readdirSync(session.folder);
  await session.hybit("convert", "cut.onnx", "-o", "kept.hybit");
  await session.hybit("convert", "sides.onnx", "-o", "folder");
  assert.deepEqual(readdirSync(session.folder), before);
  assert.equal(readFileSync(join(session.folder, "kept.hybit"), "utf8"), "old");
});

test("a folder without permission", { skip: process.getuid?.() === 0 ? "root may write everywhere" : false }, async () => {
  chmodSync(join(session.folder, "folder"), 0o500);
  const { code, stderr } = await session.hybit("convert", "sides.onnx", "-o", "folder/o.hybit");
  assert.equal(code, 1);
  assert.match(stderr, /folder\/o\.hybit: cannot be written: permission denied/);
});
