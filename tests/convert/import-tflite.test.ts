// TensorFlow Lite and Larq Compute Engine files, written by a builder of our own: what they compute against loops over NHWC arrays.
import assert from "node:assert/strict";
import { test } from "node:test";
import { convertModel } from "../../src/convert.ts";
import { LoadError } from "../../src/graph/errors.ts";
import { importTflite } from "../../src/import/tflite/import.ts";
import { loadModel } from "../../src/index.ts";
import { Random } from "../support/random.ts";
import { buildFlexMap, buildTflite, type Field, type OperatorSpec, type TensorSpec, type TfliteSpec } from "../support/tflite-builder.ts";

type Shape = readonly [n: number, h: number, w: number, c: number];

interface Map4 {
  shape: Shape;
  data: Float32Array;
}

const random = new Random(11);
const draw = (shape: readonly number[]) => random.floats(shape.reduce((a, b) => a * b, 1));
const signsOf = (length: number) => Float32Array.from(random.floats(length), (v) => (v < 0 ? -1 : 1));

interface Window {
  kernel: [number, number];
  stride: number;
  dilation: number;
  isSame: boolean;
  pad: number;
}

/** Where windows begin and how many there are along an axis; TensorFlow's SAME puts the odd pad behind. */
function rangeOf(length: number, kernel: number, { stride, dilation, isSame }: Window): { count: number; before: number } {
  const span = dilation * (kernel - 1) + 1;
  if (!isSame) return { count: Math.floor((length - span) / stride) + 1, before: 0 };
  const count = Math.ceil(length / stride);
  return { count, before: Math.floor(Math.max((count - 1) * stride + span - length, 0) / 2) };
}

/** Convolve NHWC by OHWI filters, group by group. */
function convolve(x: Map4, filters: Float32Array, outs: number, window: Window, groups = 1): Map4 {
  const [n, h, w, c] = x.shape;
  const [kh, kw] = window.kernel;
  const [rows, columns] = [rangeOf(h, kh, window), rangeOf(w, kw, window)];
  const run = c / groups;
  const data = new Float32Array(n * rows.count * columns.count * outs);
  let at = 0;
  for (let b = 0; b < n; b++)
    for (let y = 0; y < rows.count; y++)
      for (let z = 0; z < columns.count; z++)
        for (let o = 0; o < outs; o++) {
          const first = Math.floor(o / (outs / groups)) * run;
          let sum = 0;
          for (let i = 0; i < kh; i++)
            for (let j = 0; j < kw; j++) {
              const [p, q] = [y * window.stride - rows.before + i * window.dilation, z * window.stride - columns.before + j * window.dilation];
              for (let k = 0; k < run; k++) {
                const isInside = p >= 0 && p < h && q >= 0 && q < w;
                const value = isInside ? (x.data[((b * h + p) * w + q) * c + first + k] as number) : window.pad;
                sum += value * (filters[((o * kh + i) * kw + j) * run + k] as number);
              }
            }
          data[at++] = sum;
        }
  return { shape: [n, rows.count, columns.count, outs], data };
}

/** Run a file on one input; the outputs in order. */
async function run(spec: TfliteSpec, x: Float32Array): Promise<Float32Array[]> {
  const { model: file } = convertModel(buildTflite(spec));
  using model = await loadModel(file);
  const outputs = model.run({ [model.inputs[0]?.name as string]: x });
  return model.outputs.map(({ name }) => outputs[name] as Float32Array);
}

function assertNear(found: Float32Array | undefined, wanted: ArrayLike<number>, what = ""): void {
  assert.equal(found?.length, wanted.length, what);
  const largest = Math.max(1, ...Array.from(wanted, Math.abs));
  found?.forEach((value, i) => {
    assert.ok(Math.abs(value - (wanted[i] as number)) <= 1e-4 * largest, `${what} [${i}] is ${value}, not ${wanted[i]}`);
  });
}

/** A file of one operator on x and constants. */
function single(
  x: readonly number[],
  y: readonly number[],
  operator: Pick<OperatorSpec, "code" | "options" | "custom">,
  constants: TensorSpec[] = [],
  order?: number[],
): TfliteSpec {
  const tensors = [{ name: "x", shape: x, isOpen: true }, ...constants, { name: "y", shape: y, isOpen: true }];
  const inputs = order ?? [0, ...constants.map((_, i) => i + 1)];
  return { tensors, operators: [{ ...operator, inputs, outputs: [tensors.length - 1] }], inputs: [0], outputs: [tensors.length - 1] };
}

const ints = (name: string, ...values: number[]): TensorSpec => ({ name, shape: [values.length], type: 2, data: Int32Array.from(values) });
const floats = (name: string, shape: readonly number[], data: Float32Array): TensorSpec => ({ name, shape, data });
/** padding, stride_w, stride_h, fused activation, dilation_w, dilation_h of Conv2DOptions. */
const convOptions = (isSame: boolean, stride: number, activation: number, dilation: number): Field[] => [
  [0, "i8", isSame ? 0 : 1],
  [1, "i32", stride],
  [2, "i32", stride],
  [3, "i8", activation],
  [4, "i32", dilation],
  [5, "i32", dilation],
];

test("convolutions: strides, dilations, both paddings, fused activations", async () => {
  for (const [isSame, stride, dilation, activation] of [
    [true, 1, 1, 0],
    [true, 2, 1, 1],
    [false, 2, 1, 3],
    [false, 1, 2, 2],
    [true, 1, 2, 4],
  ] as [boolean, number, number, number][]) {
    const shape = [1, 7, 6, 3] as const;
    const [x, w, bias] = [draw(shape), draw([5, 3, 2, 3]), draw([5])];
    const window = { kernel: [3, 2] as [number, number], stride, dilation, isSame, pad: 0 };
    const wanted = convolve({ shape, data: x }, w, 5, window);
    const clamp = [
      (v: number) => v,
      (v: number) => Math.max(0, v),
      (v: number) => Math.min(1, Math.max(-1, v)),
      (v: number) => Math.min(6, Math.max(0, v)),
      Math.tanh,
    ][activation] as (v: number) => number;
    const spec = single(shape, wanted.shape, { code: 3, options: convOptions(isSame, stride, activation, dilation) }, [
      floats("w", [5, 3, 2, 3], w),
      floats("b", [5], bias),
    ]);
    const [y] = await run(spec, x);
    assertNear(
      y,
      wanted.data.map((v, i) => clamp(v + (bias[i % 5] as number))),
      `${[isSame, stride, dilation, activation]}`,
    );
  }
});

test("depthwise convolutions: filters are 1HWO", async () => {
  const shape = [1, 5, 5, 3] as const;
  const [x, w] = [draw(shape), draw([1, 3, 3, 6])];
  const filters = Float32Array.from({ length: 54 }, (_, i) => w[(i % 9) * 6 + Math.floor(i / 9)] as number);
  const wanted = convolve({ shape, data: x }, filters, 6, { kernel: [3, 3], stride: 1, dilation: 1, isSame: true, pad: 0 }, 3);
  const options: Field[] = [
    [0, "i8", 0],
    [1, "i32", 1],
    [2, "i32", 1],
    [3, "i32", 2],
  ];
  const [y] = await run(single(shape, wanted.shape, { code: 4, options }, [floats("w", [1, 3, 3, 6], w)]), x);
  assertNear(y, wanted.data);
});

const X: Shape = [1, 4, 6, 3];
const at = (data: Float32Array, h: number, w: number, c: number, [, , width, channels]: Shape = X) => data[(h * width + w) * channels + c] as number;
const fill = ([, h, w, c]: Shape, f: (y: number, x: number, k: number) => number) =>
  Float32Array.from({ length: h * w * c }, (_, i) => f(Math.floor(i / (w * c)), Math.floor(i / c) % w, i % c));
const sum = (list: number[]) => list.reduce((a, b) => a + b, 0);

const CASES: [
  string,
  Shape | readonly number[],
  Pick<OperatorSpec, "code" | "options">,
  TensorSpec[],
  (x: Float32Array) => ArrayLike<number>,
  number[]?,
][] = [
  [
    "ADD of one a channel, RELU",
    X,
    { code: 0, options: [[0, "i8", 1]] },
    [floats("c", [3], Float32Array.of(1, -1, 0.5))],
    (x) => x.map((v, i) => Math.max(0, v + ([1, -1, 0.5][i % 3] as number))),
  ],
  [
    "MUL of a row",
    X,
    { code: 18 },
    [
      floats(
        "c",
        [6, 3],
        Float32Array.from({ length: 18 }, (_, i) => i / 4),
      ),
    ],
    (x) => x.map((v, i) => (v * (i % 18)) / 4),
  ],
  ["SUB of a number", X, { code: 41 }, [floats("c", [], Float32Array.of(2))], (x) => x.map((v) => v - 2)],
  [
    "PRELU",
    X,
    { code: 54 },
    [floats("c", [1, 1, 3], Float32Array.of(0.1, 0.2, 0.3))],
    (x) => x.map((v, i) => (v < 0 ? v * ([0.1, 0.2, 0.3][i % 3] as number) : v)),
  ],
  ["LEAKY_RELU", X, { code: 98, options: [[0, "f32", 0.25]] }, [], (x) => x.map((v) => (v < 0 ? v / 4 : v))],
  ["LOGISTIC", X, { code: 14 }, [], (x) => x.map((v) => 1 / (1 + Math.exp(-v)))],
  ["HARD_SWISH", X, { code: 117 }, [], (x) => x.map((v) => (v * Math.min(6, Math.max(0, v + 3))) / 6)],
  [
    "SOFTMAX over channels, with beta",
    X,
    { code: 25, options: [[0, "f32", 2]] },
    [],
    (x) => fill(X, (h, w, c) => Math.exp(2 * at(x, h, w, c)) / sum([0, 1, 2].map((k) => Math.exp(2 * at(x, h, w, k))))),
  ],
  [
    "MAX_POOL_2D",
    [1, 2, 3, 3],
    {
      code: 17,
      options: [
        [0, "i8", 1],
        [1, "i32", 2],
        [2, "i32", 2],
        [3, "i32", 2],
        [4, "i32", 2],
      ],
    },
    [],
    (x) => fill([1, 2, 3, 3], (h, w, c) => Math.max(...[0, 1, 2, 3].map((i) => at(x, 2 * h + (i >> 1), 2 * w + (i & 1), c)))),
  ],
  [
    "AVERAGE_POOL_2D",
    [1, 4, 2, 3],
    {
      code: 1,
      options: [
        [0, "i8", 1],
        [1, "i32", 3],
        [2, "i32", 1],
        [3, "i32", 3],
        [4, "i32", 1],
      ],
    },
    [],
    (x) => fill([1, 4, 2, 3], (h, w, c) => sum([0, 1, 2].map((i) => at(x, h, 3 * w + i, c))) / 3),
  ],
  [
    "MEAN over height and width",
    [1, 3],
    { code: 40, options: [[0, "i8", 0]] },
    [ints("axes", 1, 2)],
    (x) => [0, 1, 2].map((c) => sum(Array.from({ length: 24 }, (_, i) => at(x, Math.floor(i / 6), i % 6, c))) / 24),
  ],
  ["RESHAPE, which keeps the file's order", [1, 72], { code: 22 }, [ints("shape", 1, 72)], (x) => x],
  ["RESHAPE to a map", [1, 8, 3, 3], { code: 22 }, [ints("shape", 1, 8, 3, 3)], (x) => x],
  ["TRANSPOSE", [1, 6, 3, 4], { code: 39 }, [ints("perm", 0, 2, 3, 1)], (x) => fill([1, 6, 3, 4], (a, b, c) => at(x, c, a, b))],
  [
    "PAD",
    [1, 5, 8, 3],
    { code: 34 },
    [ints("pads", 0, 0, 1, 0, 0, 2, 0, 0)],
    (x) => fill([1, 5, 8, 3], (h, w, c) => (h < 1 || w > 5 ? 0 : at(x, h - 1, w, c))),
  ],
  [
    "PADV2 of channels",
    [1, 4, 6, 4],
    { code: 60 },
    [ints("pads", 0, 0, 0, 0, 0, 0, 1, 0), floats("v", [], Float32Array.of(7))],
    (x) => fill([1, 4, 6, 4], (h, w, c) => (c < 1 ? 7 : at(x, h, w, c - 1))),
  ],
  [
    "SLICE",
    [1, 2, 6, 2],
    { code: 65 },
    [ints("begin", 0, 1, 0, 1), ints("size", -1, 2, -1, 2)],
    (x) => fill([1, 2, 6, 2], (h, w, c) => at(x, h + 1, w, c + 1)),
  ],
  [
    "STRIDED_SLICE",
    [1, 2, 3, 3],
    {
      code: 45,
      options: [
        [0, "i32", 1],
        [1, "i32", 9],
      ],
    },
    [ints("begin", 0, 1, 0, 0), ints("end", 0, 4, 6, 0), ints("strides", 1, 2, 2, 1)],
    (x) => fill([1, 2, 3, 3], (h, w, c) => at(x, 1 + 2 * h, 2 * w, c)),
  ],
  [
    "CONCATENATION with itself",
    [1, 4, 6, 6],
    { code: 2, options: [[0, "i32", -1]] },
    [],
    (x) => fill([1, 4, 6, 6], (h, w, c) => at(x, h, w, c % 3)),
    [0, 0],
  ],
  [
    "FULLY_CONNECTED on a map",
    [1, 2],
    { code: 9, options: [[0, "i8", 1]] },
    [
      floats(
        "w",
        [2, 72],
        Float32Array.from({ length: 144 }, (_, i) => (i % 7) - 3),
      ),
      floats("b", [2], Float32Array.of(1, -1)),
    ],
    (x) => [0, 1].map((o) => Math.max(0, sum([...x].map((v, i) => v * (((o * 72 + i) % 7) - 3))) + (o === 0 ? 1 : -1))),
  ],
];

for (const [what, y, operator, constants, wanted, order] of CASES) {
  test(`${what} computes what it says`, async () => {
    const x = draw(X);
    const [found] = await run(single(X, y, operator, constants, order), x);
    assertNear(found, wanted(x));
  });
}

test("SPLIT has several outputs", async () => {
  const tensors: TensorSpec[] = [ints("axis", 2), { name: "x", shape: X }, { name: "a", shape: [1, 4, 3, 3] }, { name: "b", shape: [1, 4, 3, 3] }];
  const x = draw(X);
  const found = await run(
    { tensors, operators: [{ code: 49, inputs: [0, 1], outputs: [2, 3], options: [[0, "i32", 2]] }], inputs: [1], outputs: [2, 3] },
    x,
  );
  [0, 1].forEach((part) => {
    assertNear(
      found[part],
      fill([1, 4, 3, 3], (h, w, c) => at(x, h, w + 3 * part, c)),
    );
  });
});

test("int8: weights by filter and bias are made real, what leaves the bounds is cut off, and a note says so", async () => {
  const shape = [1, 3, 3, 2] as const;
  const w = Int8Array.from({ length: 4 }, (_, i) => [100, -50, 25, -128][i] as number);
  const scales = [0.5, 0.01];
  const tensors: TensorSpec[] = [
    { name: "x", shape, type: 9, scales: [0.1], zeroPoints: [3] },
    { name: "w", shape: [2, 1, 1, 2], type: 9, data: w, scales, zeroPoints: [0, 0], axis: 0 },
    { name: "b", shape: [2], type: 2, data: Int32Array.of(10, -20), scales: [0.05, 0.001], zeroPoints: [0, 0] },
    { name: "y", shape: [1, 3, 3, 2], type: 9, scales: [0.2], zeroPoints: [-128] },
  ];
  const file = buildTflite({
    tensors,
    operators: [{ code: 3, inputs: [0, 1, 2], outputs: [3], options: convOptions(false, 1, 0, 1) }],
    inputs: [0],
    outputs: [3],
  });
  const { notes } = importTflite(file);
  assert.match(notes[0]?.message ?? "", /2 values are quantized in the file; they are computed as reals/);
  const x = draw(shape);
  const [y] = await run(
    { tensors, operators: [{ code: 3, inputs: [0, 1, 2], outputs: [3], options: convOptions(false, 1, 0, 1) }], inputs: [0], outputs: [3] },
    x,
  );
  const real = (o: number, i: number) => (w[o * 2 + i] as number) * (scales[o] as number);
  const wanted = x.map((_, i) => {
    const [pixel, o] = [i - (i % 2), i % 2];
    const value = (x[pixel] as number) * real(o, 0) + (x[pixel + 1] as number) * real(o, 1) + ([0.5, -0.02][o] as number);
    return Math.min(0.2 * 255, Math.max(0, value));
  });
  assertNear(y, wanted);
});

// Larq Compute Engine.

/** Pack signs of the last axis, bit 1 for -1. */
function pack(signs: Float32Array, channels: number): Uint32Array {
  const words = Math.ceil(channels / 32);
  const packed = new Uint32Array((signs.length / channels) * words);
  signs.forEach((sign, i) => {
    const at = Math.floor(i / channels) * words + ((i % channels) >> 5);
    if (sign < 0) packed[at] = (packed[at] as number) | (1 << ((i % channels) & 31));
  });
  return packed;
}

interface Bconv {
  channels: number;
  outs: number;
  stride?: number;
  dilation?: number;
  padding?: "same-ones" | "same-zeros" | "valid";
  activation?: 0 | 1 | 2 | 3;
  groups?: number;
  width?: 1 | 2 | 4;
  isPacked?: boolean;
}

/** LceQuantize, LceBconv2d, and for packed outputs LceBMaxPool2d and LceDequantize; with what is to come out. */
function larqNet({ channels, outs, stride = 1, dilation = 1, padding = "valid", activation = 0, groups = 1, width = 1, isPacked = false }: Bconv) {
  const shape = [1, 6, 7, channels] as const;
  const x = draw(shape);
  const run = channels / groups;
  const filters = signsOf(outs * 9 * run);
  const [multiplier, bias] = [draw([outs]), draw([outs])];
  const thresholds = Int32Array.from({ length: outs }, (_, o) =>
    o === 0 ? -(2 ** 31) : o === 1 ? 2 ** 31 - 1 : Math.round((9 * run) / 2) + (o % 5) - 2,
  );
  const window = { kernel: [3, 3] as [number, number], stride, dilation, isSame: padding !== "valid", pad: padding === "same-ones" ? 1 : 0 };
  const products = convolve({ shape, data: x.map((v) => (v < 0 ? -1 : 1)) }, filters, outs, window, groups);
  const words = (c: number) => Math.ceil(c / 32);
  const options = {
    channels_in: channels,
    stride_height: stride,
    stride_width: stride,
    dilation_height_factor: dilation,
    dilation_width_factor: dilation,
    padding: padding === "valid" ? 1 : 0,
    pad_values: padding === "same-ones" ? 1 : 0,
    fused_activation_function: activation,
  };
  const [, oh, ow] = products.shape;
  const tensors: TensorSpec[] = [
    { name: "x", shape },
    { name: "bits", shape: [1, 6, 7, words(channels)], type: 2 },
    { name: "w", shape: [outs, 3, 3, words(run)], type: 2, data: pack(filters, run) },
    floats("mul", [outs], multiplier),
    floats("bias", [outs], bias),
    { name: "thresholds", shape: [outs], type: 2, data: thresholds },
    { name: "y", shape: isPacked ? [1, oh, ow, words(outs)] : products.shape, type: isPacked ? 2 : 0 },
    { name: "pooled", shape: [1, Math.ceil(oh / 2), Math.ceil(ow / 2), words(outs)], type: 2 },
    { name: "z", shape: [1, Math.ceil(oh / 2), Math.ceil(ow / 2), outs] },
  ];
  const operators: OperatorSpec[] = [
    { code: "LceQuantize", inputs: [0], outputs: [1] },
    { code: "LceBconv2d", inputs: isPacked ? [1, 2, -1, -1, 5] : [1, 2, 3, 4, -1], outputs: [6], custom: buildFlexMap(options, width) },
  ];
  if (isPacked) {
    const pool = { padding: 0, stride_height: 2, stride_width: 2, filter_height: 2, filter_width: 2 };
    operators.push(
      { code: "LceBMaxPool2d", inputs: [6], outputs: [7], custom: buildFlexMap(pool, width) },
      { code: "LceDequantize", inputs: [7], outputs: [8] },
    );
  }
  const clamp = [
    (v: number) => v,
    (v: number) => Math.max(0, v),
    (v: number) => Math.min(1, Math.max(-1, v)),
    (v: number) => Math.min(6, Math.max(0, v)),
  ][activation] as (v: number) => number;
  // acc = popcount(xor) = (K - dot) / 2; a bit of 1, which is -1, where it is above the threshold.
  const signs = products.data.map((dot, i) => ((9 * run - dot) / 2 > (thresholds[i % outs] as number) ? -1 : 1));
  const pooled = fill([1, Math.ceil(oh / 2), Math.ceil(ow / 2), outs], (h, w, o) =>
    Math.max(
      ...[0, 1, 2, 3].map((i) =>
        2 * h + (i >> 1) < oh && 2 * w + (i & 1) < ow ? (signs[((2 * h + (i >> 1)) * ow + 2 * w + (i & 1)) * outs + o] as number) : -1,
      ),
    ),
  );
  const wanted = isPacked ? pooled : products.data.map((dot, i) => clamp(dot) * (multiplier[i % outs] as number) + (bias[i % outs] as number));
  return { spec: { tensors, operators, inputs: [0], outputs: [isPacked ? 8 : 6] }, x, wanted };
}

const BCONVS: Bconv[] = [
  { channels: 33, outs: 5 },
  { channels: 32, outs: 7, padding: "same-ones", stride: 2 },
  { channels: 3, outs: 4, padding: "same-zeros" },
  { channels: 40, outs: 6, dilation: 2, padding: "same-ones" },
  { channels: 16, outs: 3, activation: 1 },
  { channels: 16, outs: 3, activation: 2, padding: "same-ones" },
  { channels: 16, outs: 3, activation: 3 },
  { channels: 64, outs: 6, groups: 2, padding: "same-ones" },
  { channels: 128, outs: 4, width: 2 },
  { channels: 200, outs: 4, width: 4, padding: "same-ones" },
  { channels: 32, outs: 33, isPacked: true },
  { channels: 20, outs: 40, isPacked: true, padding: "same-ones", stride: 2 },
  { channels: 130, outs: 32, isPacked: true, width: 2 },
];

for (const net of BCONVS) {
  test(`LceBconv2d ${JSON.stringify(net)}`, async () => {
    const { spec, x, wanted } = larqNet(net);
    const { report } = convertModel(buildTflite(spec));
    assert.deepEqual(
      report.layers.map(({ kind }) => kind),
      ["FBin"],
    );
    const [y] = await run(spec, x);
    assertNear(y, wanted);
  });
}

test("LCE's int8 forms: signs about the zero point, outputs cut off at their bounds, signs as int8", async () => {
  const { spec, x, wanted } = larqNet({ channels: 33, outs: 5, padding: "same-ones" });
  const tensors = spec.tensors.map((tensor, i): TensorSpec => {
    if (i === 0) return { ...tensor, type: 9, scales: [0.02], zeroPoints: [-7] };
    return i === 6 ? { ...tensor, type: 9, scales: [0.5], zeroPoints: [10] } : tensor;
  });
  const [y] = await run({ ...spec, tensors }, x);
  assertNear(
    y,
    Array.from(wanted, (v) => Math.min(0.5 * (127 - 10), Math.max(0.5 * (-128 - 10), v))),
  );
  const shape = [1, 2, 2, 3];
  const signs: TfliteSpec = {
    tensors: [
      { name: "x", shape },
      { name: "bits", shape: [1, 2, 2, 1], type: 2 },
      { name: "y", shape, type: 9, scales: [0.5], zeroPoints: [0] },
    ],
    operators: [
      { code: "LceQuantize", inputs: [0], outputs: [1] },
      { code: "LceDequantize", inputs: [1], outputs: [2] },
    ],
    inputs: [0],
    outputs: [2],
  };
  const values = draw(shape);
  const [found] = await run(signs, values);
  assert.deepEqual(
    [...(found ?? [])],
    Array.from(values, (v) => (v < 0 ? -1 : 1)),
  );
});

test("signs of 0: LceQuantize takes it for +1", async () => {
  const { spec, wanted } = larqNet({ channels: 8, outs: 3 });
  const ones = new Float32Array(wanted.length);
  const zeros = await run(spec, new Float32Array(6 * 7 * 8));
  const plus = await run(spec, new Float32Array(6 * 7 * 8).fill(1));
  assert.deepEqual(zeros[0], plus[0]);
  assert.equal(zeros[0]?.length, ones.length);
});

function refusal(bytes: Uint8Array): LoadError {
  try {
    importTflite(bytes);
  } catch (error) {
    if (error instanceof LoadError) return error;
    throw error;
  }
  throw new Error("the model was imported");
}

test("what cannot be read is refused, with its place", () => {
  const good = larqNet({ channels: 33, outs: 5 }).spec;
  const operatorsWith = (change: Partial<OperatorSpec>) => ({
    ...good,
    operators: good.operators.map((each, i) => (i === 1 ? { ...each, ...change } : each)),
  });
  const tensorsWith = (index: number, change: Partial<TensorSpec>) => ({
    ...good,
    tensors: good.tensors.map((each, i) => (i === index ? { ...each, ...change } : each)),
  });
  const cases: [TfliteSpec | Uint8Array, string, RegExp][] = [
    [Uint8Array.of(1, 2, 3), "not-a-model", /no TFL3 at byte 4/],
    [operatorsWith({ code: "LceFancy" }), "unsupported", /in node "y": custom operator "LceFancy" is not read/],
    [operatorsWith({ code: 99 }), "unsupported", /TensorFlow Lite operator 99/],
    [operatorsWith({ custom: Uint8Array.of(1, 2, 3) }), "invalid", /options of LceBconv2d "y" are no map/],
    [operatorsWith({ custom: buildFlexMap({ channels_in: 33 }) }), "invalid", /LceBconv2d "y" does not say its stride_height/],
    [operatorsWith({ inputs: [1, 77, 3, 4, -1] }), "invalid", /operator 1 names tensor 77 of 9/],
    [tensorsWith(2, { data: new Uint32Array(3) }), "invalid", /tensor "w" holds 12 bytes for/],
    [tensorsWith(3, { data: new Float32Array(2) }), "invalid", /tensor "mul" holds 2 numbers but its shape is \[5\]/],
    [tensorsWith(2, { shape: [5, 3, 3, 3] }), "invalid", /has filters \[5,3,3,3\] of packed words for 33 channels/],
  ];
  for (const [spec, code, message] of cases) {
    const error = refusal(spec instanceof Uint8Array ? spec : buildTflite(spec));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, message);
  }
});

test("files that are cut off or changed at random are read or refused, in bounded time", () => {
  const good = buildTflite(larqNet({ channels: 33, outs: 5, isPacked: true }).spec);
  const bytes = new Random(5);
  let refused = 0;
  for (let i = 0; i < 1500; i++) {
    const file = i % 3 === 0 ? good.slice(0, bytes.int(0, good.length - 1)) : good.slice();
    for (let flips = i % 3 === 0 ? 0 : bytes.int(1, 4); flips > 0; flips--) file[bytes.int(0, file.length - 1)] = bytes.int(0, 255);
    try {
      importTflite(file);
    } catch (error) {
      assert.ok(error instanceof LoadError, `${error}`);
      refused++;
    }
  }
  assert.ok(refused > 500, `${refused}`);
});
