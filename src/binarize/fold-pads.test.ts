// What a padded position means, in all its spellings, before and after the passes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { FloatGraphBuilder, floatConv } from "../../tests/support/graph-builder.ts";
import { interpret } from "../../tests/support/interpret.ts";
import { square } from "../../tests/support/window.ts";
import type { Graph, Node, Numbers } from "../graph/graph.ts";
import { foldPads } from "./fold-pads.ts";
import { hybridize, runPass } from "./passes.ts";

const image = { shape: [1, 2, 3, 3], data: Float32Array.from({ length: 18 }, (_, i) => ((i * 7) % 5) - 1.5) };
const binaryWeights = Float32Array.from({ length: 18 }, (_, i) => (i % 3 === 0 ? 0.5 : -0.5));
const realWeights = Float32Array.from({ length: 18 }, (_, i) => i / 10);
const around = (value: number) => ({ before: [0, 0, 1, 0], after: [0, 0, 1, 2], value });

type Build = (builder: FloatGraphBuilder, x: number) => number;

function convert(build: Build, weights = binaryWeights, pads = 0): Graph<Numbers> {
  const builder = new FloatGraphBuilder();
  const x = build(builder, builder.input(image.shape));
  const before = builder.finish(builder.add("conv2d", floatConv(2, 1, square(3, 1, pads), weights), x, "conv"));
  const after = hybridize(before).graph;
  const [a, b] = [before, after].map((graph) => [...(interpret(graph, { x: image }).get("conv_out")?.data ?? [])]);
  a?.forEach((value, i) => {
    assert.ok(Math.abs(value - (b?.[i] ?? Number.NaN)) < 1e-5, `output ${i}: ${b?.[i]} instead of ${value}`);
  });
  return after;
}

function findConv(graph: Graph<Numbers>): Extract<Node<Numbers>, { op: "conv2d" }>["attrs"] {
  const conv = graph.nodes.find((node) => node.op === "conv2d");
  assert.ok(conv?.op === "conv2d");
  return conv.attrs;
}

const ops = (graph: Graph<Numbers>) => graph.nodes.map((node) => node.op);
const sign: Build = (b, x) => b.add("binarize", {}, x);
const pad =
  (value: number): Build =>
  (b, x) =>
    b.add("pad", around(value), x);

test("every spelling of padding before a binary convolution keeps its meaning and costs no node", () => {
  const cases: [string, Build, -1 | 0 | 1][] = [
    ["sign, pad 0", (b, x) => pad(0)(b, sign(b, x)), 0],
    ["sign, pad +1", (b, x) => pad(1)(b, sign(b, x)), 1],
    ["sign, pad -1", (b, x) => pad(-1)(b, sign(b, x)), -1],
    ["pad 0, sign", (b, x) => sign(b, pad(0)(b, x)), 1],
    ["pad 2.5, sign", (b, x) => sign(b, pad(2.5)(b, x)), 1],
    ["pad -0.1, sign", (b, x) => sign(b, pad(-0.1)(b, x)), -1],
    [
      "pad 0, affine, sign",
      (b, x) => sign(b, b.add("affine", { scale: Float32Array.of(1, -2), bias: Float32Array.of(-0.2, -0.3) }, pad(0)(b, x))),
      -1,
    ],
  ];
  for (const [what, build, padValue] of cases) {
    const after = convert(build);
    const { inputKind, padValue: found, window } = findConv(after);
    assert.deepEqual(ops(after), ["binarize", "conv2d"], what);
    assert.deepEqual({ inputKind, found }, { inputKind: "binary", found: padValue }, what);
    assert.deepEqual([window.padTop, window.padLeft, window.padBottom, window.padRight], [1, 0, 1, 2], what);
  }
});

test("pads of one meaning add up, pads of two meanings stay apart", () => {
  assert.deepEqual(ops(convert((b, x) => pad(0)(b, sign(b, x)), binaryWeights, 1)), ["binarize", "conv2d"]);
  const mixed = convert((b, x) => pad(1)(b, sign(b, x)), binaryWeights, 1);
  assert.deepEqual(ops(mixed), ["binarize", "pad", "conv2d"]);
  assert.equal(findConv(mixed).inputKind, "binary");
});

test("real convolutions take pads of 0 only", () => {
  assert.deepEqual(ops(convert(pad(0), realWeights)), ["conv2d"]);
  assert.deepEqual(ops(convert(pad(1), realWeights)), ["pad", "conv2d"]);
  const plus = convert((b, x) => pad(1)(b, sign(b, x)), realWeights);
  assert.deepEqual(ops(plus), ["binarize", "pad", "unpack", "conv2d"]);
  assert.equal(findConv(plus).inputKind, "float");
});

test("channels that disagree on the sign of the padding keep the pad in front of the sign", () => {
  const affine = { scale: Float32Array.of(1, 1), bias: Float32Array.of(0.2, -0.2) };
  const after = convert((b, x) => sign(b, b.add("affine", affine, pad(0)(b, x))));
  assert.deepEqual(ops(after), ["pad", "binarize", "conv2d"]);
});

test("a pad with two readers folds into each convolution by itself", () => {
  const builder = new FloatGraphBuilder();
  const padded = pad(0)(builder, builder.input(image.shape));
  const conv = builder.add("conv2d", floatConv(2, 1, square(3), realWeights), padded);
  const graph = builder.finish(conv, builder.add("activation", { kind: "relu", alpha: 0, beta: 0 }, padded));
  const after = runPass(graph, foldPads, { tolerance: 1e-5, reasons: new Map() });
  assert.deepEqual(ops(after).sort(), ["activation", "conv2d", "pad"]);
  assert.equal(after.nodes.find((node) => node.op === "conv2d")?.inputs[0], after.inputs[0]);
});
