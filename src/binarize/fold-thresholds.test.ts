// Thresholds against the unfolded chain, computed naively in float64 for every dot product D in [-K, K].
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { FloatGraphBuilder, floatConv } from "../../tests/support/graph-builder.ts";
import { readBit } from "../../tests/support/tensor.ts";
import { square } from "../../tests/support/window.ts";
import type { Thresholds } from "../graph/attributes.ts";
import type { Graph, Node, Numbers } from "../graph/graph.ts";
import { foldThresholds } from "./fold-thresholds.ts";
import { runPass } from "./passes.ts";

const K = 9;

type Step =
  | { op: "affine"; scale: number; bias: number }
  | { op: "relu" }
  | { op: "clip"; low: number; high: number }
  | { op: "leaky"; slope: number }
  | { op: "prelu"; slope: number; shiftIn: number; shiftOut: number }
  | { op: "tanh" }
  | { op: "hard-sigmoid" }
  | { op: "maxpool" };

/** One channel: alpha and bias of the layer, then the steps up to the sign. */
interface Channel {
  alpha: number;
  bias: number;
  steps: Step[];
}

const HUGE_VARIANCE = 1 / Math.sqrt(1e30 + 1e-5);
const TINY_VARIANCE = 1 / Math.sqrt(1e-30 + 1e-5);
const numbers = fc.oneof(
  fc.constantFrom(0, -0, 1, -1, 0.5, 1e-36, -1e-36, 1e30, -1e30, HUGE_VARIANCE, -HUGE_VARIANCE, TINY_VARIANCE),
  fc.integer({ min: -24, max: 24 }).map((n) => n / 4),
  fc.float({ min: -8, max: 8, noNaN: true }),
);
const slopes = fc.constantFrom(0, 0.25, 1, 3);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ op: fc.constant("affine" as const), scale: numbers, bias: numbers }),
  fc.constant({ op: "relu" as const }),
  fc.constantFrom({ op: "clip" as const, low: 0, high: 6 }, { op: "clip" as const, low: -1, high: 1 }),
  fc.record({ op: fc.constant("leaky" as const), slope: slopes }),
  fc.record({ op: fc.constant("prelu" as const), slope: slopes, shiftIn: numbers, shiftOut: numbers }),
  fc.constantFrom<Step>({ op: "tanh" }, { op: "hard-sigmoid" }, { op: "maxpool" }),
);
const channel = fc.record({ alpha: numbers, bias: numbers, steps: fc.array(step, { maxLength: 5 }) });

/** Build binarize -> conv 3x3 of +-alpha -> steps -> binarize; one channel's numbers for all of two channels. */
function build({ alpha, bias, steps }: Channel, inputKind: "binary" | "float", kind: "sign" | "two-level"): Graph<Numbers> {
  const builder = new FloatGraphBuilder();
  const both = (value: number) => Float32Array.of(value, value);
  let x = builder.input([1, 1, 4, 8]);
  if (inputKind === "binary") x = builder.add("binarize", {}, x);
  const conv = floatConv(1, 2, square(3), new Float32Array(2 * K));
  const data = Uint32Array.from({ length: 2 * K }, (_, index) => index % 2);
  x = builder.add("conv2d", { ...conv, inputKind, weights: { kind, data, alpha: both(alpha), beta: both(alpha / 2), bias: both(bias) } }, x, "conv");
  for (const item of steps) {
    if (item.op === "affine") x = builder.add("affine", { scale: both(item.scale), bias: both(item.bias) }, x);
    else if (item.op === "prelu")
      x = builder.add("prelu", { slope: both(item.slope), shiftIn: both(item.shiftIn), shiftOut: both(item.shiftOut) }, x);
    else if (item.op === "maxpool") x = builder.add("maxpool", { window: { ...square(1), kernelW: 2 }, ceilMode: false }, x);
    else if (item.op === "clip") x = builder.add("activation", { kind: "clip", alpha: item.low, beta: item.high }, x);
    else if (item.op === "leaky") x = builder.add("activation", { kind: "leaky-relu", alpha: item.slope, beta: 0 }, x);
    else if (item.op === "hard-sigmoid") x = builder.add("activation", { kind: "hard-sigmoid", alpha: 0.25, beta: 0.5 }, x);
    else x = builder.add("activation", { kind: item.op, alpha: 0, beta: 0 }, x);
  }
  return builder.finish(builder.add("binarize", {}, x, "sign"));
}

/** The unfolded chain; `values` are those a max pool chooses from, each pool halves them. */
function naiveBit(steps: readonly Step[], values: readonly number[]): number {
  let now = [...values];
  for (const item of steps) {
    if (item.op === "maxpool") now = now.slice(1).map((v, i) => Math.max(v, now[i] ?? Number.NaN));
    else now = now.map((v) => naive(item, v));
  }
  return (now[0] ?? 0) >= 0 ? 0 : 1;
}

function naive(item: Exclude<Step, { op: "maxpool" }>, v: number): number {
  const f = Math.fround;
  switch (item.op) {
    case "affine":
      return v * f(item.scale) + f(item.bias);
    case "relu":
      return Math.max(v, 0);
    case "clip":
      return Math.min(item.high, Math.max(item.low, v));
    case "leaky":
      return v < 0 ? v * item.slope : v;
    case "prelu": {
      const shifted = v + f(item.shiftIn);
      return (shifted < 0 ? shifted * f(item.slope) : shifted) + f(item.shiftOut);
    }
    case "tanh":
      return Math.tanh(v);
    case "hard-sigmoid":
      return Math.min(1, Math.max(0, 0.25 * v + 0.5));
  }
}

interface Folded {
  thresholds: Thresholds<Numbers>;
  pools: Extract<Node<Numbers>, { op: "maxpool" }>[];
}

function fold(graph: Graph<Numbers>): Folded {
  const { nodes } = runPass(graph, foldThresholds, { tolerance: 1e-5, reasons: new Map() });
  const layer = nodes.find((node) => node.name === "conv");
  assert.ok(layer?.op === "conv2d" && layer.attrs.thresholds, "the chain must fold into the layer");
  const rest = nodes.slice(nodes.indexOf(layer) + 1);
  const pools = rest.filter((node) => node.op === "maxpool");
  assert.equal(pools.length, rest.length, "only pools may be left behind the layer");
  return { thresholds: layer.attrs.thresholds, pools };
}

/** The folded chain: a compare, then pools that take the larger or the smaller. */
function foldedBit({ thresholds, pools }: Folded, values: readonly number[]): number {
  const [threshold, flip] = [thresholds.values[1] ?? Number.NaN, thresholds.flips ? readBit(thresholds.flips, 1) === 1 : false];
  let bits: number[] = values.map((v) => (v < threshold !== flip ? 1 : 0));
  for (const { attrs } of pools) {
    const isMin = attrs.minMask ? readBit(attrs.minMask, 1) === 1 : false;
    bits = bits.slice(1).map((bit, i) => (isMin ? Math.max(bit, bits[i] ?? 1) : Math.min(bit, bits[i] ?? 1)));
  }
  return bits[0] ?? 0;
}

/** All runs of values that pools of two can choose from, up to three values from a coarse grid. */
function windows(pools: number, candidates: readonly number[]): number[][] {
  if (pools === 0) return candidates.map((v) => [v]);
  return windows(pools - 1, candidates).flatMap((run) => candidates.filter((_, i) => pools < 2 || i % 3 === 0).map((v) => [...run, v]));
}

test("integer thresholds equal the unfolded chain at every D", () => {
  const every = Array.from({ length: 2 * K + 1 }, (_, index) => index - K);
  fc.assert(
    fc.property(channel, (plan) => {
      const steps = plan.steps.filter((item, i) => item.op !== "maxpool" || plan.steps.slice(0, i).filter(({ op }) => op === "maxpool").length < 2);
      const folded = fold(build({ ...plan, steps }, "binary", "sign"));
      assert.ok(folded.thresholds.values instanceof Int32Array);
      assert.ok(folded.thresholds.values.every((value) => Math.abs(value) <= K + 1));
      for (const run of windows(folded.pools.length, every)) {
        const real = run.map((dot) => Math.fround(plan.alpha) * dot + Math.fround(plan.bias));
        assert.equal(foldedBit(folded, run), naiveBit(steps, real), `at D = ${run}, thresholds ${folded.thresholds.values}`);
      }
    }),
    { numRuns: 2000, seed: 3 },
  );
});

test("real thresholds equal the unfolded chain at their own neighbours and elsewhere", () => {
  fc.assert(
    fc.property(channel, fc.boolean(), fc.array(numbers, { minLength: 4, maxLength: 8 }), (plan, isBinary, samples) => {
      const steps = plan.steps.filter((item) => item.op !== "maxpool");
      const folded = fold(build({ ...plan, steps }, isBinary ? "binary" : "float", isBinary ? "two-level" : "sign"));
      assert.ok(folded.thresholds.values instanceof Float32Array);
      const threshold = folded.thresholds.values[1] ?? 0;
      const word = new Int32Array(Float32Array.of(threshold).buffer)[0] ?? 0;
      const near = [-2, -1, 1, 2].map((ulps) => new Float32Array(Int32Array.of(word + ulps).buffer)[0] ?? 0).filter(Number.isFinite);
      for (const y of [...samples.map(Math.fround), threshold, ...near]) {
        assert.equal(foldedBit(folded, [y]), naiveBit(steps, [y + Math.fround(plan.bias)]), `at y - bias = ${y}, threshold ${threshold}`);
      }
    }),
    { numRuns: 2000, seed: 4 },
  );
});

test("what cannot be folded stays, and its note says why", () => {
  const wrong: string[] = [];
  const cases: [string, (builder: FloatGraphBuilder, x: number) => number, RegExp][] = [
    ["hard-swish", (b, x) => b.add("activation", { kind: "hard-swish", alpha: 0, beta: 0 }, x), /hard-swish is not monotone/],
    ["negative slope", (b, x) => b.add("prelu", { slope: Float32Array.of(0.1, -0.1) }, x), /a slope is negative/],
    ["average pool", (b, x) => b.add("avgpool", { window: square(2), ceilMode: false, countIncludePad: true }, x), /neither monotone nor a move/],
    ["residual", (b, x) => b.add("elementwise", { kind: "add" }, [x, x]), /elementwise "between" cannot be passed|neither monotone/],
    [
      "padding with two signs",
      (b, x) => {
        const padded = b.add("pad", { before: [0, 0, 1, 1], after: [0, 0, 0, 0], value: 0 }, x);
        return b.add("affine", { scale: Float32Array.of(1, 1), bias: Float32Array.of(1, -1) }, padded);
      },
      /different signs in different channels/,
    ],
    [
      "channels moved under their thresholds",
      (b, x) => {
        const flat = b.add("reshape", { shape: [1, 2 * 2 * 6] }, x);
        return b.add("affine", { scale: new Float32Array(24).fill(1), bias: Float32Array.from({ length: 24 }, (_, i) => i) }, flat);
      },
      /moves channels/,
    ],
  ];
  for (const [what, between, why] of cases) {
    const builder = new FloatGraphBuilder();
    const x = builder.add("conv2d", floatConv(1, 2, square(3), new Float32Array(2 * K).fill(1)), builder.input([1, 1, 4, 8]), "conv");
    const graph = builder.finish(builder.add("binarize", {}, between(builder, x), "sign"));
    const { nodes } = runPass(graph, foldThresholds, { tolerance: 1e-5, reasons: new Map() });
    const note = nodes.find((node) => node.op === "binarize")?.note ?? "";
    if (!why.test(note)) wrong.push(`${what}: "${note}"`);
    if (nodes.some((node) => node.op === "conv2d" && node.attrs.thresholds)) wrong.push(`${what}: was folded`);
  }
  assert.deepEqual(wrong, []);
});

test("a layer that is also read elsewhere stays float; the rest of the chain folds into the sign", () => {
  const builder = new FloatGraphBuilder();
  const conv = builder.add("conv2d", floatConv(1, 2, square(3), new Float32Array(2 * K).fill(1)), builder.input([1, 1, 4, 8]), "conv");
  const affine = builder.add("affine", { scale: Float32Array.of(2, -2), bias: Float32Array.of(-3, 4) }, conv);
  const graph = builder.finish(builder.add("binarize", {}, affine, "sign"), conv);
  const { nodes } = runPass(graph, foldThresholds, { tolerance: 1e-5, reasons: new Map() });
  assert.deepEqual(
    nodes.map((node) => node.op),
    ["conv2d", "binarize"],
  );
  const sign = nodes[1];
  assert.ok(sign?.op === "binarize");
  assert.deepEqual([...(sign.attrs.thresholds?.values ?? [])], [1.5, 2.0000002384185791]);
  assert.deepEqual([...(sign.attrs.thresholds?.flips ?? [])], [0b10]);
});
