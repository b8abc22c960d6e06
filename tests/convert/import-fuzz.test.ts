// Damaged ONNX files: whatever bytes change, an import ends soon, with a graph or with a LoadError.
import assert from "node:assert/strict";
import { test } from "node:test";
import { LoadError } from "../../src/graph/errors.ts";
import { importOnnx } from "../../src/import/onnx/import.ts";
import { buildModel, type ModelSpec } from "../support/onnx-builder.ts";
import { Random } from "../support/random.ts";

const SEED = 20240607;
const FILES = 6000;
/** One import of these files takes about a millisecond; a hang would take for ever. */
const SLOWEST_MS = 5000;

const MODEL: ModelSpec = {
  nodes: [
    { op: "Conv", name: "conv", inputs: ["x", "w", "b"], outputs: ["c"], attributes: { pads: [1, 1, 1, 1], strides: [1, 1] } },
    { op: "BatchNormalization", inputs: ["c", "b", "b", "b", "v"], outputs: ["n"] },
    { op: "GreaterOrEqual", inputs: ["n", "zero"], outputs: ["t"] },
    { op: "Where", inputs: ["t", "one", "minus"], outputs: ["s"] },
    { op: "MaxPool", inputs: ["s"], outputs: ["p"], attributes: { kernel_shape: [2, 2], strides: [2, 2] } },
    { op: "Shape", inputs: ["p"], outputs: ["shape"] },
    { op: "Gather", inputs: ["shape", "first"], outputs: ["size"], attributes: { axis: 0 } },
    { op: "Concat", inputs: ["size", "rest"], outputs: ["target"], attributes: { axis: 0 } },
    { op: "Reshape", inputs: ["p", "target"], outputs: ["flat"] },
    { op: "Gemm", inputs: ["flat", "m"], outputs: ["y"], attributes: { transB: 1 } },
  ],
  inputs: [{ name: "x", shape: ["n", 2, 4, 4] }],
  outputs: ["y"],
  initializers: {
    w: { dims: [2, 2, 3, 3], values: new Random(1).floats(36) },
    b: { dims: [2], values: [0.5, -1] },
    v: { dims: [2], values: [1, 2], as: "typed" },
    zero: { dims: [], values: [0] },
    one: { dims: [], values: [1] },
    minus: { dims: [], values: [-1] },
    first: { type: "int64", dims: [1], values: [0] },
    rest: { type: "int64", dims: [1], values: [-1], as: "typed" },
    m: { dims: [3, 8], values: new Random(2).floats(24) },
  },
};

function damage(bytes: Uint8Array, random: Random): Uint8Array {
  const damaged = random.int(0, 9) === 0 ? bytes.slice(0, random.int(0, bytes.length)) : bytes.slice();
  const changes = random.pick([1, 1, 1, 2, 4, 16]);
  for (let i = 0; i < changes && damaged.length > 0; i++) {
    const at = random.int(0, damaged.length - 1);
    const kind = random.int(0, 3);
    if (kind === 0) damaged[at] = random.int(0, 255);
    else if (kind === 1) damaged[at] = (damaged[at] as number) ^ (1 << random.int(0, 7));
    else if (kind === 2) damaged[at] = random.pick([0, 1, 0x7f, 0x80, 0xff]);
    else damaged.copyWithin(at, random.int(0, damaged.length - 1), damaged.length - random.int(0, 20));
  }
  return damaged;
}

test("damaged files give a graph or a LoadError, soon", () => {
  const bytes = buildModel(MODEL);
  assert.equal(importOnnx(bytes).graph.nodes.length, 6);
  const random = new Random(SEED);
  const codes = new Map<string, number>();
  for (let i = 0; i < FILES; i++) {
    const damaged = damage(bytes, random);
    const start = performance.now();
    let outcome = "imported";
    try {
      importOnnx(damaged);
    } catch (error) {
      assert.ok(error instanceof LoadError, `file ${i} of seed ${SEED}: ${error instanceof Error ? error.stack : error}`);
      outcome = error.code;
    }
    assert.ok(performance.now() - start < SLOWEST_MS, `file ${i} of seed ${SEED} took ${performance.now() - start} ms`);
    codes.set(outcome, (codes.get(outcome) ?? 0) + 1);
  }
  for (const code of ["imported", "invalid", "truncated", "unsupported", "not-a-model"]) assert.ok(codes.has(code), `no file was ${code}`);
});
