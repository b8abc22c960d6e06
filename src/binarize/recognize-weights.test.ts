import assert from "node:assert/strict";
import { test } from "node:test";
import { FloatGraphBuilder, floatConv, floatDense, randomNumbers } from "../../tests/support/graph-builder.ts";
import { square } from "../../tests/support/window.ts";
import type { Conv2dAttrs } from "../graph/attributes.ts";
import type { Numbers } from "../graph/graph.ts";
import type { PassContext } from "./pass.ts";
import { runPass } from "./passes.ts";
import { recognizeWeights } from "./recognize-weights.ts";

/** Recognise the weights of a conv with 33 input channels, 1x2 filters and one list of weights per filter. */
function recognize(filters: readonly (readonly number[])[], tolerance = 1e-5): { weights: Conv2dAttrs<Numbers>["weights"]; reason: string } {
  const builder = new FloatGraphBuilder();
  const channels = (filters[0]?.length ?? 0) / 2;
  const x = builder.input([1, channels, 1, 2]);
  const window = { ...square(1), kernelW: 2 };
  const graph = builder.finish(builder.add("conv2d", floatConv(channels, filters.length, window, Float32Array.from(filters.flat())), x, "conv"));
  const context: PassContext = { tolerance, reasons: new Map() };
  const node = runPass(graph, recognizeWeights, context).nodes[0];
  assert.ok(node?.op === "conv2d");
  return { weights: node.attrs.weights, reason: context.reasons.get("conv")?.weights ?? "" };
}

const CHANNELS = 33;
const random = randomNumbers(7);
const pattern = Array.from({ length: 2 * CHANNELS }, () => random() < 0);
const isSecond = (tap: number, i: number) => pattern[tap * CHANNELS + i] ?? false;

/** A filter with value `a` or, where the pattern says so, `b`, each with relative noise. */
function filter(a: number, b: number, noise = 0): number[] {
  return pattern.map((second) => (second ? b : a) * (1 + noise * random()));
}

/** What the packed words must be: bit 1 at the lower value, each tap padded to two words. */
function expectedWords(isLow: (tap: number, i: number) => boolean): number[] {
  return [0, 1].flatMap((tap) =>
    [0, 32].map((first) => {
      let word = 0;
      for (let i = first; i < Math.min(first + 32, CHANNELS); i++) if (isLow(tap, i)) word += 2 ** (i - first);
      return word;
    }),
  );
}

test("two values of one magnitude are sign weights, noise of 1e-7 or not", () => {
  for (const noise of [0, 1e-7]) {
    const { weights, reason } = recognize([filter(0.5, -0.5, noise), filter(-0.25, 0.25, noise)]);
    assert.equal(weights.kind, "sign");
    assert.equal(reason, "weights are +-alpha per filter");
    assert.ok(Math.abs((weights.alpha?.[0] ?? 0) - 0.5) < 1e-7 && Math.abs((weights.alpha?.[1] ?? 0) - 0.25) < 1e-7);
    assert.equal(weights.beta, undefined);
    assert.deepEqual([...weights.data], [...expectedWords(isSecond), ...expectedWords((tap, i) => !isSecond(tap, i))]);
    const flat = recognize([[0.5, -0.5, 0.5, 0.5]]).weights;
    assert.deepEqual([...flat.data], [0b10, 0b00]);
  }
});

test("any two values are two-level weights, for the whole layer", () => {
  const { weights } = recognize([filter(0.5, 0.125, 1e-7), filter(-1, 1), filter(-3, -2)]);
  assert.equal(weights.kind, "two-level");
  assert.deepEqual(
    [...(weights.alpha ?? [])].map((v) => Math.round(v * 1e5) / 1e5),
    [0.5, 1, -2],
  );
  assert.deepEqual(
    [...(weights.beta ?? [])].map((v) => Math.round(v * 1e5) / 1e5),
    [0.125, -1, -3],
  );
});

test("constant filters fit: bits 0, alpha the constant, beta the same", () => {
  const sign = recognize([filter(-0.75, -0.75), filter(0, 0), filter(1, -1)]).weights;
  assert.equal(sign.kind, "sign");
  assert.deepEqual([...(sign.alpha ?? [])], [-0.75, 0, 1]);
  assert.deepEqual([...sign.data.subarray(0, 8)], [0, 0, 0, 0, 0, 0, 0, 0]);
  const both = recognize([filter(-0.75, -0.75), filter(2, 1)]).weights;
  assert.deepEqual([...(both.alpha ?? [])], [-0.75, 2]);
  assert.deepEqual([...(both.beta ?? [])], [-0.75, 1]);
});

test("one filter with a third value keeps the layer float and says which", () => {
  const odd = filter(1, -1);
  odd[5] = 0.5;
  const { weights, reason } = recognize([filter(1, -1), odd]);
  assert.equal(weights.kind, "float");
  assert.equal(reason, "weights stay float: filter 1 has 3 distinct values");
  assert.equal(recognize([filter(1, -1), odd], 0.6).weights.kind, "sign", "the tolerance decides");
});

test("two weights per filter prove nothing", () => {
  assert.equal(recognize([[1, -1]]).reason, "weights stay float: 2 per filter are too few to tell");
});

test("dense layers are recognised like convolutions and keep their bias", () => {
  const builder = new FloatGraphBuilder();
  const bias = Float32Array.of(1, 2);
  const x = builder.input([1, 3]);
  const graph = builder.finish(builder.add("dense", floatDense(3, 2, Float32Array.of(2, -2, 2, -3, -3, 3), bias), x));
  const node = runPass(graph, recognizeWeights, { tolerance: 1e-5, reasons: new Map() }).nodes[0];
  assert.ok(node?.op === "dense");
  assert.deepEqual(node.attrs.weights, { kind: "sign", data: Uint32Array.of(0b010, 0b011), alpha: Float32Array.of(2, 3), bias });
  assert.equal(graph.nodes[0]?.op === "dense" && graph.nodes[0].attrs.weights.kind, "float", "the given graph is left alone");
});
