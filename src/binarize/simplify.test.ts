import assert from "node:assert/strict";
import { test } from "node:test";
import { FloatGraphBuilder } from "../../tests/support/graph-builder.ts";
import { interpret } from "../../tests/support/interpret.ts";
import { square } from "../../tests/support/window.ts";
import type { Graph, Numbers } from "../graph/graph.ts";
import { runPass } from "./passes.ts";
import { simplify } from "./simplify.ts";

const CHANNELS = 2;
const image = { shape: [1, CHANNELS, 2, 2], data: Float32Array.of(0, 1, -2, 3, -4, 5, -6, 7) };

function run(build: (builder: FloatGraphBuilder, x: number) => number | number[]): Graph<Numbers> {
  const builder = new FloatGraphBuilder();
  const outputs = [build(builder, builder.input(image.shape))].flat();
  const before = builder.finish(...outputs);
  const after = runPass(before, simplify, { tolerance: 1e-5, reasons: new Map() });
  const names = (graph: Graph<Numbers>) => graph.outputs.map((index) => graph.values[index]?.name ?? "");
  assert.deepEqual(names(after), names(before), "outputs keep their names");
  for (const name of names(before)) {
    const [a, b] = [before, after].map((graph) => interpret(graph, { x: image }).get(name));
    assert.deepEqual(b, a, `value "${name}"`);
  }
  return after;
}

const ops = (graph: Graph<Numbers>) => graph.nodes.map((node) => node.op);
const floats = (...values: number[]) => Float32Array.from(values);

test("nodes that compute nothing go, wherever they stand", () => {
  const after = run((b, x) => {
    let y = b.add("pad", { before: [0, 0, 0, 0], after: [0, 0, 0, 0], value: 0 }, x);
    y = b.add("affine", { scale: floats(1, 1), bias: floats(0, 0) }, y);
    y = b.add("activation", { kind: "relu", alpha: 0, beta: 0 }, y);
    y = b.add("reshape", { shape: [-1, CHANNELS, 2, 2] }, y);
    y = b.add("transpose", { perm: [0, 1, 2, 3] }, y);
    y = b.add("slice", { starts: [0, 0, 0, 0], sizes: [-1, 2, 2, 2], steps: [1, 1, 1, 1] }, y);
    y = b.add("maxpool", { window: square(1), ceilMode: false }, y);
    return b.add("concat", { axis: 1 }, [y]);
  });
  assert.deepEqual(ops(after), ["activation"]);
});

test("an identity between input and output has to stay: both names are the caller's", () => {
  assert.deepEqual(ops(run((b, x) => b.add("transpose", { perm: [0, 1, 2, 3] }, x))), ["transpose"]);
});

test("dead nodes and their values go", () => {
  const after = run((b, x) => {
    b.add("activation", { kind: "tanh", alpha: 0, beta: 0 }, x);
    return b.add("activation", { kind: "relu", alpha: 0, beta: 0 }, x);
  });
  assert.deepEqual(ops(after), ["activation"]);
  assert.equal(after.values.length, 2);
});

test("affines and constants per channel become one affine", () => {
  const after = run((b, x) => {
    let y = b.add("affine", { scale: floats(2, -1), bias: floats(1, 0.5) }, x);
    y = b.add("elementwise", { kind: "add" }, [y, b.constant([1, CHANNELS, 1, 1], floats(3, 4))]);
    y = b.add("elementwise", { kind: "mul" }, [b.constant([], floats(2)), y]);
    return b.add("elementwise", { kind: "mul" }, [y, b.constant([CHANNELS, 1, 1], floats(1, 4))]);
  });
  assert.deepEqual(ops(after), ["affine"]);
  assert.deepEqual(after.nodes[0]?.attrs, { scale: floats(4, -8), bias: floats(8, 36) });
});

test("affines stay apart when one scale could not hold their product, or when both are read", () => {
  const tiny = { scale: floats(1e-30, 1), bias: floats(0, 0) };
  const after = run((b, x) => b.add("affine", tiny, b.add("affine", tiny, x)));
  assert.deepEqual(ops(after), ["affine", "affine"]);
  const double = { scale: floats(2, 2), bias: floats(0, 0) };
  const both = run((b, x) => {
    const first = b.add("affine", double, x);
    return [first, b.add("affine", double, first)];
  });
  assert.deepEqual(ops(both), ["affine", "affine"]);
});

test("a constant that differs from pixel to pixel is no affine", () => {
  const after = run((b, x) => b.add("elementwise", { kind: "add" }, [x, b.constant([1, 1, 2, 2], floats(1, 2, 3, 4))]));
  assert.deepEqual(ops(after), ["elementwise"]);
});

test("two reshapes become one, two signs of one value become one, a sign of a sign goes", () => {
  const after = run((b, x) => {
    const first = b.add("binarize", {}, b.add("binarize", {}, x));
    const second = b.add("binarize", {}, x);
    const both = b.add("concat", { axis: 1 }, [first, second]);
    return b.add("reshape", { shape: [-1, 16] }, b.add("reshape", { shape: [-1, 4, 4] }, both));
  });
  assert.deepEqual(ops(after), ["binarize", "concat", "reshape"]);
});

test("transposes in a row become one, a pair that undoes itself goes", () => {
  const transpose = (perm: number[]) => (b: FloatGraphBuilder, x: number) => b.add("transpose", { perm }, x);
  const [toLast, toFirst] = [transpose([0, 2, 3, 1]), transpose([0, 3, 1, 2])];
  const relu = (b: FloatGraphBuilder, x: number) => b.add("activation", { kind: "relu", alpha: 0, beta: 0 }, x);
  assert.deepEqual(ops(run((b, x) => relu(b, toFirst(b, toLast(b, x))))), ["activation"]);
  assert.deepEqual(ops(run((b, x) => toLast(b, toLast(b, x)))), ["transpose"]);
});
