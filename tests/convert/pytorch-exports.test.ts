// Small nets of the families that people train, exported by PyTorch (training/fixtures): binary where they should be, and PyTorch's outputs.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { readNpy } from "../../src/cli/npy.ts";
import { convertModel } from "../../src/convert.ts";
import { loadModel } from "../../src/index.ts";

const FOLDER = "tests/fixtures/pytorch";

/** Kinds of the layers, in order; "2" is two levels. */
const KINDS: Record<string, string> = {
  alexnet: "FPrec FBin FPrec",
  "bi-real": "FPrec FBin FBin FPrec",
  "binary-densenet": "FPrec FBin FBin FPrec",
  meliusnet: "FPrec FBin FBin FBin FBin FPrec",
  "odd-mlp": "FBin2 FBin FBin",
  quicknet: "FPrec FBin FBin FPrec",
  reactnet: "FPrec FBin FBin FPrec",
  // The gates' two dense layers stay real.
  "real-to-binary": "FPrec FBin FPrec FPrec FBin FPrec FPrec FPrec",
  "sketch-hybrid": "FPrec FBin FBin WBin WBin2 FPrec",
  "two-level-resnet": "FPrec FBin2 FBin2 FBin2 FBin2 FPrec",
  // K is a mean of each window: a filter of one value is +alpha.
  "xnor-net": "FPrec FBin WBin FBin WBin FPrec",
};

test("every exported net is expected", () => {
  const names = readdirSync(FOLDER).flatMap((file) => (file.endsWith(".onnx.gz") ? [file.slice(0, -8)] : []));
  assert.deepEqual(names.sort(), Object.keys(KINDS).sort());
});

for (const [name, kinds] of Object.entries(KINDS)) {
  test(`${name} is binary where it should be and computes what PyTorch computes`, async () => {
    const read = (ending: string) => gunzipSync(readFileSync(`${FOLDER}/${name}.${ending}.gz`));
    const { model: file, report } = convertModel(read("onnx"));
    assert.equal(report.layers.map(({ kind, weights }) => (weights === "two-level" ? `${kind}2` : kind)).join(" "), kinds);
    for (const { kind, reason } of report.layers) {
      if (kind !== "FBin") assert.match(reason, /weights stay float: |input is not binarized: /);
    }
    const [x, y] = [readNpy(read("x.npy")), readNpy(read("y.npy"))];
    for (const build of ["simd", "scalar"] as const) {
      using model = await loadModel(file, { build });
      const found = model.run({ x: x.data }).y as Float32Array;
      assert.equal(found.length, y.data.length);
      found.forEach((value, i) => {
        const wanted = y.data[i] as number;
        // A variance of 1e-45 makes some outputs of the sketch net thousands.
        assert.ok(Math.abs(value - wanted) <= 1e-3 + 1e-5 * Math.abs(wanted), `${build} [${i}]: ${value}, ${wanted} in PyTorch`);
      });
    }
  });
}
