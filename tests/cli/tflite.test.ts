// hybit convert of a TensorFlow Lite file, as a user types it.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { buildTflite } from "../support/tflite-builder.ts";
import { openSession } from "./command-line.ts";

const session = openSession();
after(() => session.close());

const tensors = [
  { name: "image", shape: [1, 4, 4, 2], isOpen: true },
  { name: "w", shape: [3, 32], data: Float32Array.from({ length: 96 }, (_, i) => (i % 3 === 0 ? 0.5 : -0.5)) },
  { name: "scores", shape: [1, 3], isOpen: true },
];
session.write("net.tflite", buildTflite({ tensors, operators: [{ code: 9, inputs: [0, 1, -1], outputs: [2] }], inputs: [0], outputs: [2] }));
session.write("net.h5", Uint8Array.of(0x89, 0x48, 0x44, 0x46, 13, 10, 26, 10));

test("a .tflite file becomes a model that inspect and run take", async () => {
  const { code, stdout, stderr } = await session.hybit("convert", "net.tflite", "-o", "net.hybit");
  assert.deepEqual([code, stderr], [0, ""]);
  assert.match(stdout, /scores +WBin +sign/);
  assert.match((await session.hybit("inspect", "net.hybit")).stdout, /image.*Nx4x4x2/);
  assert.match((await session.hybit("bench", "net.hybit", "--runs", "1")).stdout, /whole model/);
});

test("a Keras file is told where to go", async () => {
  const { code, stderr } = await session.hybit("convert", "net.h5", "-o", "net.hybit");
  assert.deepEqual(
    [code, /^hybit: net\.h5: it is a Keras HDF5 file; convert it to TensorFlow Lite .* or ONNX \(tf2onnx\) first\n$/.test(stderr)],
    [1, true],
  );
});
