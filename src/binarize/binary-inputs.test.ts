import assert from "node:assert/strict";
import { test } from "node:test";
import { FloatGraphBuilder, floatConv, floatDense } from "../../tests/support/graph-builder.ts";
import { interpret } from "../../tests/support/interpret.ts";
import { square } from "../../tests/support/window.ts";
import type { Graph, Numbers } from "../graph/graph.ts";
import { proveBinaryInputs } from "./binary-inputs.ts";
import type { PassContext } from "./pass.ts";
import { runPass } from "./passes.ts";
import { recognizeWeights } from "./recognize-weights.ts";

const image = { shape: [1, 2, 4, 4], data: Float32Array.from({ length: 32 }, (_, i) => ((i * 11) % 7) - 3) };
const binary = (length: number) => Float32Array.from({ length }, (_, i) => (i % 3 === 0 ? 1 : -1));
const real = (length: number) => Float32Array.from({ length }, (_, i) => (i % 7) / 7);

function prove(build: (builder: FloatGraphBuilder, bits: number) => number[]): { graph: Graph<Numbers>; context: PassContext } {
  const builder = new FloatGraphBuilder();
  const bits = builder.add("binarize", {}, builder.input(image.shape), "sign");
  const before = builder.finish(...build(builder, bits));
  const context: PassContext = { tolerance: 1e-5, reasons: new Map() };
  const graph = runPass(runPass(before, recognizeWeights, context), proveBinaryInputs, context);
  for (const index of before.outputs) {
    const name = before.values[index]?.name ?? "";
    const [a, b] = [before, graph].map((each) => interpret(each, { x: image }).get(name)?.data);
    assert.deepEqual(b, a, name);
  }
  assert.ok(
    graph.outputs.every((index) => graph.values[index]?.type === "f32"),
    "outputs are floats",
  );
  return { graph, context };
}

const ops = (graph: Graph<Numbers>) => graph.nodes.map((node) => node.op).sort();

function inputKinds(graph: Graph<Numbers>): Record<string, string> {
  return Object.fromEntries(graph.nodes.flatMap((node) => (node.op === "conv2d" || node.op === "dense" ? [[node.name, node.attrs.inputKind]] : [])));
}

test("one sign read by a binary and by two float readers is unpacked once", () => {
  const { graph, context } = prove((b, bits) => [
    b.add("conv2d", floatConv(2, 2, square(3), binary(36)), bits, "binary"),
    b.add("conv2d", floatConv(2, 2, square(3), real(36)), bits, "real"),
    b.add("activation", { kind: "relu", alpha: 0, beta: 0 }, bits, "relu"),
  ]);
  assert.deepEqual(inputKinds(graph), { binary: "binary", real: "float" });
  assert.deepEqual(ops(graph), ["activation", "binarize", "conv2d", "conv2d", "unpack"]);
  assert.equal(graph.nodes.find((node) => node.op === "unpack")?.note, 'conv2d "real", relu "relu" needs floats');
  assert.equal(context.reasons.get("real")?.input, "input is binarized, but real weights read it as floats");
});

test("bits stay bits through moves and max pools", () => {
  const { graph } = prove((b, bits) => {
    let x = b.add("maxpool", { window: square(2), ceilMode: false }, bits);
    x = b.add("transpose", { perm: [0, 1, 3, 2] }, x);
    x = b.add("pad", { before: [0, 0, 1, 0], after: [0, 0, 0, 0], value: -1 }, x);
    x = b.add("slice", { starts: [0, 0, 0, 0], sizes: [-1, -1, 2, 2], steps: [1, 1, 1, 1] }, x);
    x = b.add("concat", { axis: 1 }, [x, x]);
    x = b.add("reshape", { shape: [-1, 16] }, x);
    return [b.add("dense", floatDense(16, 3, binary(48)), x, "dense")];
  });
  assert.deepEqual(inputKinds(graph), { dense: "binary" });
  assert.ok(!ops(graph).includes("unpack"));
  assert.ok(graph.values.every((value) => value.type === "bits" || value.name === "x" || value.name === "dense_out"));
});

test("a pad of 0 and a concat with floats need floats", () => {
  const { graph, context } = prove((b, bits) => {
    const relu = b.add("activation", { kind: "relu", alpha: 0, beta: 0 }, bits, "relu");
    const padded = b.add("pad", { before: [0, 0, 1, 1], after: [0, 0, 0, 0], value: 0 }, bits);
    return [
      b.add("conv2d", floatConv(4, 2, square(3), binary(72)), b.add("concat", { axis: 1 }, [bits, relu], "both"), "mixed"),
      b.add("conv2d", floatConv(2, 2, square(3), binary(36)), padded, "padded"),
    ];
  });
  assert.deepEqual(inputKinds(graph), { mixed: "float", padded: "float" });
  assert.equal(ops(graph).filter((op) => op === "unpack").length, 1);
  assert.equal(context.reasons.get("mixed")?.input, 'input is not binarized: its producer is concat "both"');
});

test("a sign that is the model's output is given as floats under its name", () => {
  const { graph } = prove((b, bits) => [bits, b.add("conv2d", floatConv(2, 2, square(3), binary(36)), bits, "conv")]);
  assert.deepEqual(inputKinds(graph), { conv: "binary" });
  assert.deepEqual(
    graph.outputs.map((index) => graph.values[index]?.name),
    ["sign_out", "conv_out"],
  );
});
