// One small network that uses every op, every optional field and every kind of constant: for tests of the file.
import type { Graph, Numbers } from "../../src/graph/graph.ts";
import { Random } from "./random.ts";
import { GraphBuilder } from "./random-graph.ts";
import { square } from "./window.ts";

const SQUARE = square(3, 1, 1);
const HALF = square(2, 2);
const FLOATS = { inputKind: "float", inputScale: 1, inputZeroPoint: 0 } as const;
const BITS = { inputKind: "binary", inputScale: 1, inputZeroPoint: 0 } as const;

/** Input [-1,3,8,8], outputs bits and class scores; `width` channels, even, inside. */
export function everyOpGraph(width = 4): Graph<Numbers> {
  const random = new Random(7);
  const builder = new GraphBuilder();
  const add = builder.add.bind(builder);
  const picture = builder.input("picture", [1, 3, 8, 8]);

  const conv = { outChannels: width, groups: 1, window: SQUARE, padValue: 0 } as const;
  let x = add(
    "conv2d",
    { ...conv, ...FLOATS, inChannels: 3, weights: { kind: "float", data: random.floats(width * 9 * 3), bias: random.floats(width) } },
    picture,
  );
  x = add("affine", { scale: random.floats(width), bias: random.floats(width) }, x);
  x = add("activation", { kind: "clip", alpha: -1, beta: 1 }, x);
  x = add("prelu", { slope: random.floats(width), shiftIn: random.floats(width), shiftOut: random.floats(width) }, x);
  x = add("lrn", { size: 3, alpha: 0.5, beta: 0.75, bias: 2 }, x);
  const scale = add("xnorscale", { window: SQUARE }, x);
  let bits = add("binarize", { thresholds: { values: random.floats(width), flips: random.words(1, width) } }, x);
  const scaled = add(
    "conv2d",
    {
      ...conv,
      ...BITS,
      inChannels: width,
      padValue: -1,
      weights: { kind: "sign", data: random.words(width * 9, width), alpha: random.floats(width) },
      epilogue: {
        hasResidual: true,
        addsLast: true,
        slope: random.floats(width),
        low: -2,
        high: 3,
        scale: random.floats(width),
        bias: random.floats(width),
      },
    },
    bits,
    scale,
    x,
  );
  const thresholds = { values: Int32Array.from({ length: width }, (_, i) => i * 5 - 9), flips: random.words(1, width) };
  bits = add(
    "conv2d",
    {
      ...conv,
      ...BITS,
      inChannels: width,
      groups: 2,
      weights: { kind: "sign", data: random.words(width * 9, width / 2), alpha: random.floats(width) },
      thresholds,
    },
    bits,
  );
  bits = add("maxpool", { window: HALF, ceilMode: true, minMask: random.words(1, width) }, bits);
  x = add("unpack", {}, bits);
  const pooled = add("avgpool", { window: HALF, ceilMode: false, countIncludePad: true }, scaled);
  x = add("elementwise", { kind: "add" }, x, pooled);
  x = add("concat", { axis: 1 }, x, pooled);
  x = add("pad", { before: [0, 0, 1, 0], after: [0, 0, 0, 1], value: 0.5 }, x);
  x = add("slice", { starts: [0, 0, 0, 0], sizes: [-1, 2 * width, 3, -1], steps: [1, 1, 2, 1] }, x);
  x = add("transpose", { perm: [0, 1, 3, 2] }, x);
  x = add("globalpool", { kind: "max" }, x);
  x = add("reshape", { shape: [-1, 2 * width] }, x);
  x = add(
    "dense",
    { ...FLOATS, inFeatures: 2 * width, outFeatures: 5, weights: { kind: "float", data: random.floats(10 * width), bias: random.floats(5) } },
    x,
  );

  const offsets = builder.input("offsets", [1, 5]);
  builder.graph.values[offsets] = { name: "offsets", type: "f32", shape: [1, 5], constant: random.floats(5) };
  builder.graph.inputs.pop();
  x = add("elementwise", { kind: "mul" }, x, offsets);
  const signs = add("binarize", {}, x);
  const weights = { kind: "two-level", data: random.words(5, 5), alpha: random.floats(5), beta: random.floats(5), bias: random.floats(5) } as const;
  const epilogue = { hasResidual: true, addsLast: false, low: 0, high: 1 };
  const last = add("dense", { ...BITS, inFeatures: 5, outFeatures: 5, weights, epilogue, thresholds: { values: random.floats(5) } }, signs, x);
  builder.output(last);
  builder.output(add("softmax", { axis: 1, log: true }, x));

  Object.assign(builder.graph.nodes[0] ?? {}, { note: "first layer stays float" });
  builder.graph.name = "every op";
  builder.graph.metadata = {
    labels: ["cat", "dog", "Ünïcödé", "", "星"],
    preprocess: { width: 8, height: 8, channels: "rgb", mean: [0.5, 0.25, 0.125], std: [0.5, 1, 2], invert: true, resize: "contain" },
    license: "Apache-2.0",
    attribution: "nobody",
    producer: "test",
    training: "none",
    entries: { accuracy: "0.5", "": "empty key" },
  };
  return builder.graph;
}
