// The whole chain of passes against the oracle: a random small net gives the same outputs before and after, except
// when a value before a sign lies so near its threshold that rounding decides.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { hybridize } from "../../src/binarize/passes.ts";
import { writeModel } from "../../src/format/write.ts";
import type { Graph, Numbers } from "../../src/graph/graph.ts";
import { spellStages } from "../../src/ops/layer-kind.ts";
import { FloatGraphBuilder, floatConv, floatDense, randomNumbers } from "../support/graph-builder.ts";
import { interpret, type Tensor } from "../support/interpret.ts";
import { square } from "../support/window.ts";

/** Nearer than this, relative to the size of the numbers involved, rounding to f32 may decide. */
const TOO_NEAR = 1e-5;

const CHANNELS = 3;
const SIDE = 7;

interface Block {
  weights: "float" | "sign" | "two-level" | "zero-filter";
  kernel: 1 | 3;
  pads: 0 | 1;
  bias: boolean;
  glue: (
    | "affine"
    | "falling"
    | "relu"
    | "clip"
    | "prelu"
    | "negative-prelu"
    | "leaky"
    | "tanh"
    | "hard-sigmoid"
    | "maxpool"
    | "pad"
    | "transpose"
    | "add-constant"
    | "residual"
    | "skip"
    | "slice"
  )[];
  sign: boolean;
  afterSign: "nothing" | "maxpool" | "pad-zero" | "pad-plus" | "pad-minus" | "relu" | "concat";
}

const blocks: fc.Arbitrary<Block[]> = fc.array(
  fc.record({
    weights: fc.constantFrom("float", "sign", "two-level", "zero-filter"),
    kernel: fc.constantFrom(1, 3),
    pads: fc.constantFrom(0, 1),
    bias: fc.boolean(),
    glue: fc.array(
      fc.constantFrom(
        "affine",
        "falling",
        "relu",
        "clip",
        "prelu",
        "negative-prelu",
        "leaky",
        "tanh",
        "hard-sigmoid",
        "maxpool",
        "pad",
        "transpose",
        "add-constant",
        "residual",
        "skip",
        "slice",
      ),
      { maxLength: 4 },
    ),
    sign: fc.boolean(),
    afterSign: fc.constantFrom("nothing", "maxpool", "pad-zero", "pad-plus", "pad-minus", "relu", "concat"),
  }) as fc.Arbitrary<Block>,
  { minLength: 1, maxLength: 4 },
);

function build(plan: readonly Block[], seed: number): Graph<Numbers> {
  const random = randomNumbers(seed);
  const floats = (length: number, value: (index: number) => number = random) => Float32Array.from({ length }, (_, index) => value(index));
  const builder = new FloatGraphBuilder();
  let x = builder.input([1, CHANNELS, SIDE, SIDE]);
  let channels = CHANNELS;
  let isPadded = false;
  for (const block of plan) {
    const filterElems = channels * block.kernel ** 2;
    const levels = Array.from({ length: CHANNELS }, () => [random(), random()] as const);
    const weights = floats(CHANNELS * filterElems, (index) => {
      const [a, b] = levels[Math.floor(index / filterElems)] ?? [0, 0];
      if (block.weights === "float") return random();
      if (block.weights === "zero-filter" && index < filterElems) return 0;
      return (random() < 0 ? a : block.weights === "two-level" ? b : -a) * (1 + 1e-7 * random());
    });
    // Keeps the image from shrinking to nothing, unless a pad of bits has done so.
    if (!isPadded) x = builder.add("pad", { before: [0, 0, 1, 1], after: [0, 0, 1, 1], value: 0 }, x);
    isPadded = block.sign && block.afterSign.startsWith("pad");
    x = builder.add(
      "conv2d",
      floatConv(channels, CHANNELS, square(block.kernel, 1, block.pads), weights, block.bias ? floats(CHANNELS) : undefined),
      x,
    );
    channels = CHANNELS;
    for (const glue of block.glue) {
      switch (glue) {
        case "affine":
          x = builder.add("affine", { scale: floats(channels, () => 1 + random() / 2), bias: floats(channels) }, x);
          break;
        case "falling":
          x = builder.add("affine", { scale: floats(channels, () => Math.round(random() * 2)), bias: floats(channels) }, x);
          break;
        case "relu":
          x = builder.add("activation", { kind: "relu", alpha: 0, beta: 0 }, x);
          break;
        case "clip":
          x = builder.add("activation", { kind: "clip", alpha: -0.5, beta: 1.5 }, x);
          break;
        case "leaky":
          x = builder.add("activation", { kind: "leaky-relu", alpha: 0.25, beta: 0 }, x);
          break;
        case "tanh":
          x = builder.add("activation", { kind: "tanh", alpha: 0, beta: 0 }, x);
          break;
        case "hard-sigmoid":
          x = builder.add("activation", { kind: "hard-sigmoid", alpha: 0.25, beta: 0.5 }, x);
          break;
        case "prelu":
          x = builder.add("prelu", { slope: floats(channels, () => (1 + random()) / 2), shiftIn: floats(channels) }, x);
          break;
        case "negative-prelu":
          x = builder.add("prelu", { slope: floats(channels, () => -0.3) }, x);
          break;
        case "maxpool":
          x = builder.add("maxpool", { window: square(3, 1, 1), ceilMode: false }, x);
          break;
        case "pad":
          x = builder.add("pad", { before: [0, 0, 0, 1], after: [0, 0, 1, 0], value: random() }, x);
          break;
        case "transpose":
          x = builder.add("transpose", { perm: [0, 1, 3, 2] }, x);
          break;
        case "slice":
          x = builder.add("slice", { starts: [0, 0, 0, 0], sizes: [-1, -1, 2, -1], steps: [1, 1, 1, 1] }, x);
          break;
        case "residual":
          x = builder.add("elementwise", { kind: "add" }, [x, builder.add("activation", { kind: "relu", alpha: 0, beta: 0 }, x)]);
          break;
        case "skip":
          x = builder.add("elementwise", { kind: "add" }, [
            builder.add("conv2d", floatConv(channels, channels, square(1), floats(channels * channels), floats(channels)), x),
            x,
          ]);
          break;
        case "add-constant":
          x = builder.add("elementwise", { kind: "add" }, [x, builder.constant([1, channels, 1, 1], floats(channels))]);
          break;
      }
    }
    if (block.sign) {
      const before = x;
      x = builder.add("binarize", {}, x);
      if (block.afterSign === "maxpool") x = builder.add("maxpool", { window: square(2, 1, 1), ceilMode: false }, x);
      if (block.afterSign === "pad-zero") x = builder.add("pad", { before: [0, 0, 1, 2], after: [0, 0, 1, 0], value: 0 }, x);
      if (block.afterSign === "pad-plus") x = builder.add("pad", { before: [0, 0, 1, 2], after: [0, 0, 1, 0], value: 1 }, x);
      if (block.afterSign === "pad-minus") x = builder.add("pad", { before: [0, 0, 1, 2], after: [0, 0, 1, 0], value: -1 }, x);
      if (block.afterSign === "relu") x = builder.add("activation", { kind: "relu", alpha: 0, beta: 0 }, x);
      if (block.afterSign === "concat") {
        x = builder.add("concat", { axis: 1 }, [x, before]);
        channels = 2 * CHANNELS;
      }
    }
  }
  x = builder.add("globalpool", { kind: "average" }, x);
  x = builder.add("reshape", { shape: [-1, channels] }, x);
  x = builder.add("dense", floatDense(channels, 4, floats(4 * channels), floats(4)), x);
  return builder.finish(x);
}

/** Run and return the output, with the smallest relative distance of any value from its threshold. */
function observe(graph: Graph<Numbers>, image: Float64Array): { output: Tensor; margin: number } {
  let margin = Number.POSITIVE_INFINITY;
  const probe = (_: string, value: number, threshold: number) => {
    margin = Math.min(margin, Math.abs(value - threshold) / Math.max(1, Math.abs(threshold)));
  };
  const values = interpret(graph, { x: { shape: [1, CHANNELS, SIDE, SIDE], data: image } }, { probe });
  const output = values.get(graph.values[graph.outputs[0] ?? -1]?.name ?? "");
  assert.ok(output);
  return { output, margin };
}

/** What a graph has of the rarer things, so that a run in which none occurs is noticed. */
function listFeatures({ nodes }: Graph<Numbers>): string[] {
  return nodes.flatMap((node) => {
    if (node.op === "maxpool") return node.attrs.minMask ? ["minimum mask"] : [];
    if (node.op !== "conv2d") return [node.op];
    const { inputKind, weights, thresholds, padValue, epilogue } = node.attrs;
    const compare = thresholds === undefined ? "f32" : thresholds.values instanceof Int32Array ? "integer thresholds" : "real thresholds";
    const stages = epilogue ? spellStages(epilogue).map((stage) => `does ${stage}`) : [];
    return [`${inputKind} x ${weights.kind} -> ${compare}`, ...stages, ...(inputKind === "binary" ? [`pad value ${padValue}`] : [])];
  });
}

const EXPECTED_FEATURES = [
  ...[
    "binary x sign -> integer thresholds",
    "binary x two-level -> real thresholds",
    "float x sign -> real thresholds",
    "float x float -> real thresholds",
  ],
  ...[
    "binary x sign -> f32",
    "float x two-level -> f32",
    "pad value -1",
    "pad value 0",
    "pad value 1",
    "minimum mask",
    "unpack",
    "binarize",
    "prelu",
  ],
  ...["add", "prelu", "relu", "clip", "affine"].map((stage) => `does ${stage}`),
];

test("random nets compute the same before and after all passes", () => {
  let compared = 0;
  const features = new Set<string>();
  const property = fc.property(blocks, fc.integer(), (plan, seed) => {
    const graph = build(plan, seed);
    const hybrid = hybridize(graph).graph;
    writeModel(hybrid); // refuses a graph whose types and shapes do not fit
    for (const feature of listFeatures(hybrid)) features.add(feature);
    const random = randomNumbers(seed + 1);
    const image = Float64Array.from({ length: CHANNELS * SIDE * SIDE }, () => Math.fround(random()));
    const before = observe(graph, image);
    const after = observe(hybrid, image);
    // Integer thresholds are exact, but what they replace compares sums of floats.
    if (before.margin < TOO_NEAR) return;
    compared++;
    before.output.data.forEach((value, index) => {
      const found = after.output.data[index] ?? Number.NaN;
      assert.ok(Math.abs(found - value) <= 1e-4 * (1 + Math.abs(value)), `output ${index}: ${found} instead of ${value}`);
    });
  });
  fc.assert(property, { numRuns: 300, seed: 20 });
  assert.deepEqual(
    EXPECTED_FEATURES.filter((feature) => !features.has(feature)),
    [],
    "features that never occurred",
  );
  assert.ok(compared > 100, `only ${compared} nets were clear of their thresholds`);
});
