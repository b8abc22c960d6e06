// The models peers are timed with, read back by Hybit's own importer.
import assert from "node:assert/strict";
import { test } from "node:test";
import { importOnnx } from "../../src/convert.ts";
import { encodeModel } from "./onnx.ts";

test("a model of one layer can be read", () => {
  const data = Float32Array.from({ length: 54 }, (_, index) => index / 8);
  const bytes = encodeModel({
    nodes: [{ op: "Conv", inputs: ["x", "w"], outputs: ["y"], attributes: { strides: [2, 2], pads: [1, 1, 1, 1], kernel_shape: [3, 3], group: 1 } }],
    constants: { w: { type: "float32", dims: [2, 3, 3, 3], data } },
    input: { name: "x", type: "float32", dims: [1, 3, 224, 224] },
    output: { name: "y", type: "float32", dims: [1, 2, 112, 112] },
  });
  const { nodes, values } = importOnnx(bytes).graph;
  const [node] = nodes;
  assert.ok(node?.op === "conv2d" && nodes.length === 1);
  const { inChannels, outChannels, window, weights } = node.attrs;
  assert.deepEqual([inChannels, outChannels, window.strideH, window.padLeft], [3, 2, 2, 1]);
  assert.deepEqual([...weights.data].sort(), [...data].sort());
  assert.deepEqual(values[0]?.shape.slice(1), [3, 224, 224]);
});
