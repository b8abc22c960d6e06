// Nets trained by others, from the shared data: what the passes make of them computes the same as what was imported.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { convertModel, type Graph, hybridize, importOnnx, type Numbers } from "../../src/convert.ts";
import { randomNumbers } from "../support/graph-builder.ts";
import { interpret } from "../support/interpret.ts";

const DATA = "../shared/data";

interface Case {
  file: string;
  /** Kind and output of every layer. */
  layers: string[];
  ops: string[];
}

const CASES: readonly Case[] = [
  {
    file: "gtsrb/bnn-30x30.onnx.gz",
    layers: ["WBin bits", "FBin bits", "FBin f32"],
    ops: ["transpose", "conv2d", "conv2d", "conv2d", "reshape", "softmax"],
  },
  {
    file: "qonnx/TFC_1W1A.onnx",
    layers: ["FBin bits", "FBin bits", "FBin bits", "FBin f32"],
    ops: ["binarize", "reshape", "dense", "dense", "dense", "dense"],
  },
];

function readOutput(graph: Graph<Numbers>, seed: number): Float64Array {
  const input = graph.values[graph.inputs[0] ?? -1];
  assert.ok(input);
  const random = randomNumbers(seed);
  const shape = input.shape.map((dim) => (dim < 0 ? 2 : dim));
  const data = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, random);
  const output = interpret(graph, { [input.name]: { shape, data } }).get(graph.values[graph.outputs[0] ?? -1]?.name ?? "");
  assert.ok(output);
  return output.data;
}

for (const { file, layers, ops } of CASES) {
  const path = `${DATA}/${file}`;
  test(`${file} becomes hybrid and computes the same`, { skip: existsSync(path) ? false : `${path} is not here` }, () => {
    const stored = readFileSync(path);
    const bytes = file.endsWith(".gz") ? gunzipSync(stored) : stored;
    const { graph } = importOnnx(bytes);
    const { graph: hybrid, report } = hybridize(graph);
    assert.deepEqual(
      report.layers.map(({ kind, output }) => `${kind} ${output}`),
      layers,
    );
    assert.deepEqual(
      hybrid.nodes.map(({ op }) => op),
      ops,
    );
    for (const seed of [1, 2]) {
      const [before, after] = [readOutput(graph, seed), readOutput(hybrid, seed)];
      before.forEach((value, i) => {
        assert.ok(
          Math.abs(value - (after[i] ?? Number.NaN)) <= 1e-5 * (1 + Math.abs(value)),
          `seed ${seed}, output ${i}: ${after[i]} instead of ${value}`,
        );
      });
    }
    const steps: number[] = [];
    const {
      model,
      report: converted,
      warnings,
    } = convertModel(bytes, {
      name: "renamed",
      labels: ["one"],
      onProgress: ({ done, total }) => steps.push(done / total),
    });
    assert.deepEqual(converted, report);
    assert.ok(model.byteLength > report.bytes && model.byteLength < report.floatBytes / 4);
    assert.match(warnings.at(-1) ?? "", /^1 labels are given but the first output has \d+ entries$/);
    assert.deepEqual(steps, [...steps].sort(), "progress only goes forward");
    assert.ok(steps.length > 3);
  });
}
