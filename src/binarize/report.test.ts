import assert from "node:assert/strict";
import { test } from "node:test";
import { FloatGraphBuilder, floatConv, floatDense } from "../../tests/support/graph-builder.ts";
import { square } from "../../tests/support/window.ts";
import type { Graph, Numbers } from "../graph/graph.ts";
import { hybridize, PASSES } from "./passes.ts";

const binary = (length: number) => Float32Array.from({ length }, (_, i) => (i % 3 === 0 ? 1 : -1));
const real = (length: number) => Float32Array.from({ length }, (_, i) => (i % 7) / 7);

/** FPrec stem, FBin, WBin, FPrec head, as in a hybrid net. */
function build() {
  const builder = new FloatGraphBuilder();
  let x = builder.add("conv2d", floatConv(1, 4, square(3, 1, 1), real(36), real(4)), builder.input([1, 1, 8, 8]), "stem");
  x = builder.add("activation", { kind: "relu", alpha: 0, beta: 0 }, x);
  x = builder.add("affine", { scale: real(4), bias: binary(4) }, x);
  x = builder.add("conv2d", floatConv(4, 4, square(3, 1, 1), binary(144)), builder.add("binarize", {}, x), "middle");
  x = builder.add("activation", { kind: "relu", alpha: 0, beta: 0 }, x, "relu");
  x = builder.add("maxpool", { window: square(2, 2), ceilMode: false }, x, "pool");
  x = builder.add("conv2d", floatConv(4, 4, square(4), binary(256)), x, "late");
  x = builder.add("reshape", { shape: [-1, 4] }, x, "flatten");
  return builder.finish(builder.add("dense", floatDense(4, 3, real(12)), x, "head"));
}

test("every layer says what it became, why, and how large it is", () => {
  const { graph, report } = hybridize(build());
  assert.deepEqual(
    report.layers.map(({ name, op, kind, weights, input, output, shape, bytes, floatBytes }) => [
      name,
      op,
      kind,
      weights,
      input,
      output,
      shape,
      bytes,
      floatBytes,
    ]),
    [
      ["stem", "conv2d", "FPrec", "float", "float", "bits", [1, 4, 8, 8], 4 * (36 + 4), 4 * (36 + 4)],
      ["middle", "conv2d", "FBin", "sign", "binary", "f32", [1, 4, 8, 8], 4 * (4 * 9 + 4), 4 * 144],
      ["late", "conv2d", "WBin", "sign", "float", "f32", [1, 4, 1, 1], 4 * (4 * 16 + 4), 4 * 256],
      ["head", "dense", "FPrec", "float", "float", "f32", [1, 3], 4 * 12, 4 * 12],
    ],
  );
  assert.deepEqual(
    report.layers.map(({ reason }) => reason),
    [
      "weights stay float: filter 0 has 7 distinct values; input is not binarized: it is the model's input; output is bits: relu, affine, sign folded into real thresholds",
      'weights are +-alpha per filter; input is binarized; the layer itself does relu; output is float: maxpool "pool" reads it',
      'weights are +-alpha per filter; input is not binarized: its producer is maxpool "pool"; output is float: reshape "flatten" reads it',
      'weights stay float: filter 0 has 4 distinct values; input is not binarized: its producer is reshape "flatten"; output is float: it is the model\'s output',
    ],
  );
  for (const node of graph.nodes) if (node.op === "conv2d" || node.op === "dense") assert.match(node.note ?? "", /^(FPrec|WBin|FBin): weights /);
  assert.equal(report.bytes, 4 * (40 + 40 + 68 + 12));
  assert.equal(report.floatBytes, 4 * (40 + 144 + 256 + 12));
});

test("the given graph is not touched and passes are announced in order", () => {
  const graph = build();
  const copy = structuredClone(graph);
  const seen: string[] = [];
  hybridize(graph, { onPass: (name, index) => seen.push(`${index} ${name}`) });
  assert.deepEqual(graph, copy);
  assert.deepEqual(
    seen,
    PASSES.map(({ name }, index) => `${index} ${name}`),
  );
});

test("what the passes made, they leave alone: a second run changes nothing", () => {
  const withoutNotes = (graph: Graph<Numbers>) => ({ ...graph, nodes: graph.nodes.map((node) => ({ ...node, note: "" })) });
  const once = hybridize(build()).graph;
  assert.deepEqual(withoutNotes(hybridize(once).graph), withoutNotes(once));
});
