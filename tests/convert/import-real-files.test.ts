// Real exports that are not part of the project: a Larq net by tf2onnx, a QONNX net by Brevitas.
// Skipped, by name, where ../shared/data is absent.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { importOnnx } from "../../src/import/onnx/import.ts";

const DATA = join("..", "shared", "data");

interface RealFile {
  path: string;
  ops: string;
  output: readonly number[];
  signs: number;
}

const FILES: readonly RealFile[] = [
  {
    path: "gtsrb/bnn-30x30.onnx.gz",
    ops: "transpose conv2d transpose binarize transpose conv2d transpose reshape binarize dense softmax",
    output: [-1, 43],
    signs: 2,
  },
  {
    path: "qonnx/TFC_1W1A.onnx",
    ops: "reshape affine binarize dense affine binarize dense affine binarize dense affine binarize dense affine",
    output: [1, 10],
    signs: 4,
  },
];

for (const { path, ops, output, signs } of FILES) {
  const file = join(DATA, path);
  test(`imports ${path}`, { skip: existsSync(file) ? false : `${file} is absent` }, () => {
    const bytes = readFileSync(file);
    const { graph, notes } = importOnnx(path.endsWith(".gz") ? gunzipSync(bytes) : bytes);
    assert.equal(graph.nodes.map((node) => node.op).join(" "), ops);
    assert.deepEqual(graph.values[graph.outputs[0] as number]?.shape, output);
    assert.equal(graph.values.filter((value) => value.type === "bits").length, signs);
    assert.deepEqual(notes, []);
  });
}
