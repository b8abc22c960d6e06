import assert from "node:assert/strict";
import { test } from "node:test";
import { FloatGraphBuilder, floatConv, floatDense } from "../../tests/support/graph-builder.ts";
import { interpret } from "../../tests/support/interpret.ts";
import { square } from "../../tests/support/window.ts";
import type { Graph, Numbers } from "../graph/graph.ts";
import { foldBatchnorm } from "./fold-batchnorm.ts";
import { runPass } from "./passes.ts";
import { recognizeWeights } from "./recognize-weights.ts";

const image = { shape: [1, 2, 3, 3], data: Float32Array.from({ length: 18 }, (_, i) => ((i * 11) % 7) / 4 - 1) };
const floats = (...values: number[]) => Float32Array.from(values);
const real = Float32Array.from({ length: 36 }, (_, i) => ((i * 5) % 11) / 8 - 0.5);
const sign = Float32Array.from({ length: 36 }, (_, i) => (i % 3 === 0 ? 0.75 : -0.75));
const twoLevel = Float32Array.from({ length: 36 }, (_, i) => (i % 3 === 0 ? 0.75 : 0.125));

function run(build: (builder: FloatGraphBuilder, x: number) => number[]): Graph<Numbers> {
  const builder = new FloatGraphBuilder();
  const before = builder.finish(...build(builder, builder.input(image.shape)));
  const context = { tolerance: 1e-5, reasons: new Map() };
  const after = runPass(runPass(before, recognizeWeights, context), foldBatchnorm, context);
  for (const index of before.outputs) {
    const name = before.values[index]?.name ?? "";
    const [a, b] = [before, after].map((graph) => interpret(graph, { x: image }).get(name)?.data ?? []);
    a?.forEach((value, i) => {
      assert.ok(Math.abs(value - (b?.[i] ?? Number.NaN)) <= 1e-6 * (1 + Math.abs(value)), `${name}[${i}]: ${b?.[i]} instead of ${value}`);
    });
  }
  return after;
}

const ops = (graph: Graph<Numbers>) => graph.nodes.map((node) => node.op);
const batchnorm = { scale: floats(-2, 0), bias: floats(0.5, -0.25) };

test("an affine behind a layer folds into weights of every kind, with negative and zero scales", () => {
  for (const [kind, weights] of [
    ["float", real],
    ["sign", sign],
    ["two-level", twoLevel],
  ] as const) {
    for (const bias of [undefined, floats(1, 2)]) {
      const after = run((b, x) => [b.add("affine", batchnorm, b.add("conv2d", floatConv(2, 2, square(3, 1, 1), weights, bias), x))]);
      assert.deepEqual(ops(after), ["conv2d"], kind);
      assert.equal(after.nodes[0]?.op === "conv2d" && after.nodes[0].attrs.weights.kind, kind);
    }
  }
  const after = run((b, x) => {
    const flat = b.add("reshape", { shape: [-1, 18] }, x);
    return [b.add("affine", batchnorm, b.add("dense", floatDense(18, 2, sign, floats(1, 1)), flat))];
  });
  assert.deepEqual(ops(after), ["reshape", "dense"]);
});

test("an affine stays when others read the layer, or when f32 cannot hold the product", () => {
  const shared = run((b, x) => {
    const conv = b.add("conv2d", floatConv(2, 2, square(3), real), x);
    return [conv, b.add("affine", batchnorm, conv)];
  });
  assert.deepEqual(ops(shared), ["conv2d", "affine"]);
  const tiny = { scale: floats(1e-30, 1), bias: floats(0, 0) };
  const small = run((b, x) => [
    b.add(
      "affine",
      tiny,
      b.add(
        "conv2d",
        floatConv(
          2,
          2,
          square(3),
          sign.map((w) => w * 1e-20),
        ),
        x,
      ),
    ),
  ]);
  assert.deepEqual(ops(small), ["conv2d", "affine"]);
});

test("an affine before a convolution stays: its bias is missing in the zero padding", () => {
  const after = run((b, x) => [b.add("conv2d", floatConv(2, 2, square(3, 1, 1), real), b.add("affine", batchnorm, x))]);
  assert.deepEqual(ops(after), ["affine", "conv2d"]);
});

test("shifts around a PReLU become an RPReLU; a scale does not", () => {
  const shift = { scale: floats(1, 1), bias: floats(0.5, -0.5) };
  const after = run((b, x) => {
    const relu = b.add("activation", { kind: "tanh", alpha: 0, beta: 0 }, x);
    return [b.add("affine", shift, b.add("prelu", { slope: floats(0.25, 0.5), shiftIn: floats(1, 1) }, b.add("affine", shift, relu)))];
  });
  assert.deepEqual(ops(after), ["activation", "prelu"]);
  assert.deepEqual(after.nodes[1]?.attrs, { slope: floats(0.25, 0.5), shiftIn: floats(1.5, 0.5), shiftOut: floats(0.5, -0.5) });
  assert.deepEqual(ops(run((b, x) => [b.add("affine", batchnorm, b.add("prelu", { slope: floats(0.25, 0.5) }, x))])), ["prelu", "affine"]);
});
