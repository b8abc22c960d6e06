// hybit convert --binarize with --calibrate and --truth, as a user types them.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { writeNpy } from "../../src/cli/npy.ts";
import { Random } from "../support/random.ts";
import { openSession } from "./command-line.ts";

const session = openSession();
after(() => session.close());

session.write("float.hybit", readFileSync("models/sketch10-fprec.hybit"));
session.write("x.npy", writeNpy([12, 1, 28, 28], new Random(1).floats(12 * 28 * 28, 0, 1)));
session.write("y.npy", writeNpy([12], new Float32Array(12).fill(3)));
session.write("short.npy", writeNpy([3], new Float32Array(3)));
session.write("high.npy", writeNpy([12], new Float32Array(12).fill(10)));

const convert = (...options: string[]) => session.hybit("convert", "float.onnx", "-o", "out.hybit", ...options);

before(() => session.hybit("export", "float.hybit", "-o", "float.onnx"));

test("norms are estimated again and the net is scored before and after", async () => {
  const plain = await convert("--binarize", "sign", "--calibrate", "x.npy");
  assert.deepEqual([plain.code, plain.stderr], [0, ""]);
  assert.match(plain.stdout, /the float net's top-1 on 12 calibration inputs: [\d.]+ % binarized, [\d.]+ % with norms estimated again/);
  assert.match(plain.stdout, /kB with gzip, [\d.]+ kB with brotli/);
  const { stdout } = await convert("--binarize", "2-planes", "--calibrate", "x.npy", "--truth", "y.npy", "--json");
  const { norms, compressed, layers } = JSON.parse(stdout);
  assert.deepEqual([norms.inputs, norms.against], [12, "truth"]);
  for (const share of [norms.float, norms.binarized, norms.corrected]) assert.ok(share >= 0 && share <= 1);
  assert.ok(compressed.gzip > 0 && compressed.brotli > 0);
  assert.match(layers[1].reason, /^a sum of 2 binary layers by convert: .* lost, its norm estimated again/);
});

test("wrong options and files are refused and say what to do", async () => {
  for (const [options, message] of [
    [["--calibrate", "x.npy"], /--calibrate goes with --int8 or --binarize/],
    [["--binarize", "sign", "--truth", "y.npy"], /--truth goes with --binarize and --calibrate/],
    [["--binarize", "sign", "--calibrate", "x.npy", "--truth", "short.npy"], /short.npy: it holds 3 class numbers but there are 12 inputs/],
    [["--binarize", "sign", "--calibrate", "x.npy", "--truth", "high.npy"], /high.npy: entry 0 .* is 10; classes are 0 to 9/],
    [["--binarize", "sign", "--calibrate", "y.npy"], /y.npy: its shape is/],
    [["--xnor-scale"], /float.onnx: no conv2d reads a sign around 0/],
  ] as const) {
    const { code, stderr } = await convert(...options);
    assert.equal(code === 0, false, options.join(" "));
    assert.match(stderr, message);
  }
});
