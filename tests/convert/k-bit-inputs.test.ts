// Inputs of a few bits, as DoReFa-Net has them: Round of a clipped value is read as signs, and layers with binary weights on them become layers on bits.
import assert from "node:assert/strict";
import { test } from "node:test";
import { hybridize } from "../../src/binarize/passes.ts";
import { writeModel } from "../../src/format/write.ts";
import { importOnnx } from "../../src/import/onnx/import.ts";
import { loadModel } from "../../src/index.ts";
import { interpret } from "../support/interpret.ts";
import { buildModel, type NodeSpec } from "../support/onnx-builder.ts";
import { Random } from "../support/random.ts";

const SHAPE = [1, 5, 6, 7];

function roundHalfEven(y: number): number {
  const down = Math.floor(y);
  const rest = y - down;
  return rest < 0.5 || (rest === 0.5 && down % 2 === 0) ? down : down + 1;
}

/** Clip to low and high, round; in steps of 1. */
function importRound(low: number, high: number) {
  const nodes = [
    { op: "Clip", inputs: ["x", "low", "high"], outputs: ["clipped"] },
    { op: "Round", name: "round", inputs: ["clipped"], outputs: ["y"] },
  ];
  const initializers = { low: { dims: [], values: [low] }, high: { dims: [], values: [high] } };
  return importOnnx(buildModel({ nodes, inputs: [{ name: "x", shape: ["n", 1, 1, 41] }], outputs: ["y"], initializers })).graph;
}

test("Round of a clipped value is exact, halves included", () => {
  const x = Float64Array.from({ length: 41 }, (_, i) => (i - 16) / 4);
  for (const [low, high] of [
    [0, 1],
    [0, 3],
    [0, 7],
    [-1, 2],
    [1, 4],
    [-4, 3],
  ] as const) {
    const y = interpret(importRound(low, high), { x: { shape: [1, 1, 1, 41], data: x } }).get("y")?.data;
    const wanted = x.map((value) => roundHalfEven(Math.min(high, Math.max(low, value))) + 0);
    assert.deepEqual([...(y ?? [])], [...wanted], `${low} to ${high}`);
  }
});

test("Round leaves large whole numbers as they are", () => {
  const x = Float64Array.from({ length: 41 }, (_, i) => 2 ** 23 + i - 20);
  const y = interpret(importRound(-1e9, 1e9), { x: { shape: [1, 1, 1, 41], data: x } }).get("y")?.data;
  assert.deepEqual([...(y ?? [])], [...x]);
});

test("Round of anything else is exact too, without signs for bits", () => {
  const x = Float64Array.from({ length: 41 }, (_, i) => (i - 16) / 4);
  for (const [low, high] of [
    [0, 2],
    [0, 15],
    [0.5, 1.5],
    [-40, 40],
  ] as const) {
    const y = interpret(importRound(low, high), { x: { shape: [1, 1, 1, 41], data: x } }).get("y")?.data;
    const wanted = x.map((value) => roundHalfEven(Math.min(high, Math.max(low, value))) + 0);
    assert.deepEqual(
      Array.from(y ?? [], (value) => value + 0),
      [...wanted],
      `${low} to ${high}`,
    );
  }
});

/** A k-bit input, 0 to 1, of a 3x3 convolution with binary weights. */
function buildNet(steps: number, pads: number[]): Uint8Array {
  const random = new Random(steps);
  const weights = Array.from({ length: 4 * 5 * 9 }, (_, i) => (random.float(-1, 1) < 0 ? 0.25 : -0.25) * (1 + Math.floor(i / 45)));
  const nodes: NodeSpec[] = [
    { op: "Clip", inputs: ["x", "zero", "one"], outputs: ["clipped"] },
    { op: "Mul", inputs: ["clipped", "steps"], outputs: ["scaled"] },
    { op: "Round", inputs: ["scaled"], outputs: ["rounded"] },
    { op: "Div", inputs: ["rounded", "steps"], outputs: ["input"] },
    { op: "Conv", name: "conv", inputs: ["input", "w", "b"], outputs: ["y"], attributes: { kernel_shape: [3, 3], pads } },
  ];
  const initializers = {
    zero: { dims: [], values: [0] },
    one: { dims: [], values: [1] },
    steps: { dims: [], values: [steps] },
    w: { dims: [4, 5, 3, 3], values: weights },
    b: { dims: [4], values: [1, -2, 3, -4] },
  };
  return buildModel({ nodes, inputs: [{ name: "x", shape: ["n", ...SHAPE.slice(1)] }], outputs: ["y"], initializers });
}

test("layers on k-bit inputs become k layers on bits with the same outputs", async () => {
  const random = new Random(7);
  const x = Float32Array.from({ length: 5 * 6 * 7 }, () => random.float(-0.5, 1.5));
  for (const steps of [1, 3, 7]) {
    for (const pads of [
      [0, 0, 0, 0],
      [1, 1, 1, 1],
      [0, 2, 1, 0],
    ]) {
      const { graph } = importOnnx(buildNet(steps, pads));
      const wanted = interpret(graph, { x: { shape: SHAPE, data: Float64Array.from(x) } }).get("y")?.data as Float64Array;
      const { graph: hybrid, report } = hybridize(graph);
      assert.deepEqual(
        report.layers.map(({ kind }) => kind),
        Array.from({ length: Math.log2(steps + 1) }, () => "FBin"),
      );
      using model = await loadModel(writeModel(hybrid));
      const found = model.run({ x }).y as Float32Array;
      assert.equal(found.length, wanted.length);
      for (const [i, value] of wanted.entries()) {
        assert.ok(Math.abs(value - (found[i] as number)) < 1e-4, `${steps} steps, pads ${pads}, at ${i}: ${found[i]}, not ${value}`);
      }
    }
  }
});
