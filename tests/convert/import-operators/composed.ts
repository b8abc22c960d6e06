// Operators that our graph has no op for: what they are made of computes what their formulas say.

import { type OperatorCase, pick } from "../../support/import-cases.ts";
import type { Attribute } from "../../support/onnx-builder.ts";

const SHAPE = [2, 3, 5, 4];

/** A function of one value; `from` makes of any x one that it is defined for. */
function ofOne(op: string, f: (x: number) => number, attributes?: Record<string, Attribute>, label?: string): OperatorCase {
  return { op, label, attributes, opset: 20, yields: SHAPE, y: (x, at, shape) => f(pick(x, shape, at)) };
}

/** The error function by its series; good to 1e-12 for |x| up to 3. */
function erf(x: number): number {
  let [sum, term] = [x, x];
  for (let n = 1; n < 80; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

const softplus = (x: number) => Math.log(1 + Math.exp(x));
const shifted = { dims: [3, 1, 1], values: [4, 5, 6] };
const halves = { dims: [3, 1, 1], values: [0.5, -1, 2] };

/** x against a constant per channel. */
function ofTwo(op: string, constant: { dims: number[]; values: number[] }, f: (x: number, c: number) => number): OperatorCase {
  return { op, inputs: ["x", constant], yields: SHAPE, y: (x, at, shape) => f(pick(x, shape, at), constant.values[at[1] as number] as number) };
}

/** Over height and channels, which leaves one number for each image and column. */
function reduction(op: string, f: (members: number[]) => number): OperatorCase {
  const axes = { type: "int64" as const, dims: [2], values: [1, 2] };
  const isInput = op === "ReduceSum";
  return {
    op,
    inputs: isInput ? ["x", axes] : ["x"],
    attributes: { keepdims: 0, ...(!isInput && { axes: [1, 2] }) },
    opset: 13,
    yields: [2, 4],
    y: (x, [n, w], shape) => f(Array.from({ length: 15 }, (_, i) => pick(x, shape, [n, Math.floor(i / 5), i % 5, w] as number[]))),
  };
}

const total = (list: number[], f = (x: number) => x) => list.reduce((sum, x) => sum + f(x), 0);
const integers = (...values: number[]) => ({ type: "int64" as const, dims: [values.length], values });
const scale = (...values: number[]) => ({ dims: values.length === 1 ? [] : [values.length], values });
const byte = (type: "int8" | "uint8", ...values: number[]) => ({ type, dims: values.length === 1 ? [] : [values.length], values });
const even = (x: number) => (Math.abs(x % 1) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x));

export const COMPOSED_CASES: readonly OperatorCase[] = [
  ofOne("Elu", (x) => (x > 0 ? x : 0.5 * (Math.exp(x) - 1)), { alpha: { float: 0.5 } }),
  ofOne("Celu", (x) => (x > 0 ? x : 2 * (Math.exp(x / 2) - 1)), { alpha: { float: 2 } }),
  ofOne("Selu", (x) => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * (Math.exp(x) - 1))),
  ofOne("Softplus", softplus),
  ofOne("Softsign", (x) => x / (1 + Math.abs(x))),
  ofOne("Mish", (x) => x * Math.tanh(softplus(x))),
  ofOne("Swish", (x) => x / (1 + Math.exp(-2 * x)), { alpha: { float: 2 } }),
  ofOne("ThresholdedRelu", (x) => (x > 0.5 ? x : 0), { alpha: { float: 0.5 } }),
  ofOne("Shrink", (x) => (x > 1 ? x - 0.25 : x < -1 ? x + 0.25 : 0), { lambd: { float: 1 }, bias: { float: 0.25 } }),
  ofOne("Gelu", (x) => (x / 2) * (1 + erf(x / Math.SQRT2))),
  ofOne("Gelu", (x) => (x / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))), { approximate: "tanh" }, "tanh"),
  ofOne("Exp", Math.exp),
  ofOne("Erf", erf),
  ofOne("Floor", Math.floor),
  ofOne("Ceil", Math.ceil),
  ofOne("Round", even),
  { ...ofOne("Reciprocal", (x) => 1 / x), label: "and 1 / 0" },
  { op: "Log", shape: ["n", 3], yields: [2, 3], ops: ["activation"] },
  { op: "Sqrt", shape: ["n", 3], yields: [2, 3], ops: ["activation"] },
  ofTwo("Max", halves, Math.max),
  ofTwo("Min", halves, Math.min),
  ofTwo("Sum", halves, (x, c) => x + c),
  ofTwo("Mean", halves, (x, c) => (x + c) / 2),
  {
    op: "Pow",
    label: "squared",
    inputs: ["x", { dims: [], values: [2] }],
    yields: SHAPE,
    ops: ["elementwise"],
    y: (x, at, shape) => pick(x, shape, at) ** 2,
  },
  { op: "Pow", label: "cubed", inputs: ["x", { dims: [], values: [3] }], yields: SHAPE, y: (x, at, shape) => pick(x, shape, at) ** 3 },
  { op: "Pow", label: "to the x", inputs: [shifted, "x"], yields: SHAPE, y: (x, at, shape) => (4 + (at[1] as number)) ** pick(x, shape, at) },
  { op: "Div", label: "x / (x x + 1)", inputs: [shifted, "x"], yields: SHAPE, ops: ["elementwise"] },
  reduction("ReduceSum", (list) => total(list)),
  reduction("ReduceMean", (list) => total(list) / 15),
  reduction("ReduceMax", (list) => Math.max(...list)),
  reduction("ReduceMin", (list) => Math.min(...list)),
  reduction("ReduceProd", (list) => list.reduce((product, x) => product * x, 1)),
  reduction("ReduceL1", (list) => total(list, Math.abs)),
  reduction("ReduceL2", (list) => Math.sqrt(total(list, (x) => x * x))),
  reduction("ReduceSumSquare", (list) => total(list, (x) => x * x)),
  reduction("ReduceLogSumExp", (list) => Math.log(total(list, Math.exp))),
  { op: "ReduceLogSum", attributes: { axes: [2, 3] }, opset: 13, yields: [2, 3, 1, 1], ops: ["globalpool", "affine", "activation"] },
  {
    op: "Expand",
    inputs: ["x", integers(2, 1, 1, 5, 1)],
    shape: [1, 3, 1, 4],
    yields: [2, 1, 3, 5, 4],
    y: (x, at, shape) => pick(x, shape, [0, at[2], 0, at[4]] as number[]),
  },
  {
    op: "Gather",
    label: "one",
    inputs: ["x", { type: "int64", dims: [], values: [-1] }],
    attributes: { axis: 2 },
    yields: [2, 3, 4],
    ops: ["slice", "reshape"],
    y: (x, [n, c, w], shape) => pick(x, shape, [n, c, 4, w] as number[]),
  },
  {
    op: "Gather",
    label: "some",
    inputs: ["x", integers(3, 0, 0)],
    attributes: { axis: 3 },
    yields: [2, 3, 5, 3],
    y: (x, [n, c, h, w], shape) => pick(x, shape, [n, c, h, [3, 0, 0][w as number]] as number[]),
  },
  {
    op: "GatherElements",
    inputs: ["x", { type: "int64", dims: [2, 2], values: [2, 0, -1, 1] }],
    attributes: { axis: 1 },
    shape: [2, 3],
    yields: [2, 2],
    y: (x, [r, c], shape) =>
      pick(x, shape, [
        r,
        [
          [2, 0],
          [2, 1],
        ][r as number]?.[c as number],
      ] as number[]),
  },
  {
    op: "Slice",
    label: "backwards",
    inputs: ["x", integers(-1), integers(-100), integers(3), integers(-2)],
    yields: [2, 3, 5, 2],
    y: (x, [n, c, h, w], shape) => pick(x, shape, [n, c, h, 3 - 2 * (w as number)] as number[]),
  },
  {
    op: "Pad",
    label: "reflect",
    inputs: ["x", integers(0, 0, 0, 2, 0, 0, 1, 0)],
    attributes: { mode: "reflect" },
    yields: [2, 3, 6, 6],
    y: (x, [n, c, h, w], shape) => pick(x, shape, [n, c, h === 5 ? 3 : h, Math.abs((w as number) - 2)] as number[]),
  },
  {
    op: "Pad",
    label: "edge",
    inputs: ["x", integers(0, 0, 1, 0, 0, 0, 0, 0)],
    attributes: { mode: "edge" },
    yields: [2, 3, 6, 4],
    y: (x, [n, c, h, w], shape) => pick(x, shape, [n, c, Math.max(0, (h as number) - 1), w] as number[]),
  },
  {
    op: "DepthToSpace",
    shape: ["n", 8, 2, 3],
    attributes: { blocksize: 2 },
    yields: [2, 2, 4, 6],
    y: (x, [n = 0, c = 0, h = 0, w = 0], shape) => pick(x, shape, [n, ((h % 2) * 2 + (w % 2)) * 2 + c, h >> 1, w >> 1]),
  },
  {
    op: "DepthToSpace",
    label: "CRD",
    shape: ["n", 8, 2, 3],
    attributes: { blocksize: 2, mode: "CRD" },
    yields: [2, 2, 4, 6],
    y: (x, [n = 0, c = 0, h = 0, w = 0], shape) => pick(x, shape, [n, c * 4 + (h % 2) * 2 + (w % 2), h >> 1, w >> 1]),
  },
  {
    op: "SpaceToDepth",
    shape: ["n", 2, 4, 6],
    attributes: { blocksize: 2 },
    yields: [2, 8, 2, 3],
    y: (x, [n = 0, c = 0, h = 0, w = 0], shape) => pick(x, shape, [n, c % 2, 2 * h + (c >> 2), 2 * w + ((c >> 1) & 1)]),
  },
  {
    op: "Resize",
    inputs: ["x", "", scale(1, 1, 2, 1.5)],
    attributes: { mode: "nearest", coordinate_transformation_mode: "asymmetric", nearest_mode: "floor" },
    yields: [2, 3, 10, 6],
    y: (x, [n = 0, c = 0, h = 0, w = 0], shape) => pick(x, shape, [n, c, h >> 1, Math.floor(w / 1.5)]),
  },
  {
    op: "Upsample",
    opset: 9,
    inputs: ["x", scale(1, 1, 3, 1)],
    yields: [2, 3, 15, 4],
    y: (x, [n = 0, c = 0, h = 0, w = 0], shape) => pick(x, shape, [n, c, Math.floor(h / 3), w]),
  },
  {
    op: "ConvTranspose",
    label: "stride 2, pads, output padding",
    inputs: ["x", { dims: [3, 1, 3, 2], values: Array.from({ length: 18 }, (_, i) => i - 8) }],
    attributes: { strides: [2, 3], pads: [1, 0, 0, 1], output_padding: [1, 0] },
    yields: [2, 1, 11, 10],
    y: (x, [n = 0, , h = 0, w = 0], shape) => {
      let sum = 0;
      for (let c = 0; c < 3; c++) {
        for (let i = 0; i < 5; i++) {
          for (let j = 0; j < 4; j++) {
            const [a, b] = [h + 1 - 2 * i, w - 3 * j];
            if (a >= 0 && a < 3 && b >= 0 && b < 2) sum += pick(x, shape, [n, c, i, j]) * (c * 6 + a * 2 + b - 8);
          }
        }
      }
      return sum;
    },
  },
  {
    op: "InstanceNormalization",
    inputs: ["x", scale(1, 2, 3), scale(0, 1, -1)],
    yields: SHAPE,
    y: (x, [n = 0, c = 0, h = 0, w = 0], shape) => {
      const plane = Array.from({ length: 20 }, (_, i) => pick(x, shape, [n, c, i >> 2, i & 3]));
      const mean = total(plane) / 20;
      const variance = total(plane, (v) => (v - mean) ** 2) / 20;
      return ((pick(x, shape, [n, c, h, w]) - mean) / Math.sqrt(variance + 1e-5)) * (c + 1) + ([0, 1, -1][c] as number);
    },
  },
  { ...ofTwo("Equal", { dims: [3, 1, 1], values: [0, 0, 0] }, (x) => Number(x === 0)) },
  {
    op: "QuantizeLinear",
    label: "by tensor",
    inputs: ["x", scale(0.25), byte("int8", 3)],
    yields: SHAPE,
    y: (x, at, shape) => Math.max(-128, Math.min(127, even(Math.fround(pick(x, shape, at) / 0.25)) + 3)),
  },
  {
    op: "QuantizeLinear",
    label: "uint8",
    inputs: ["x", scale(0.01)],
    yields: SHAPE,
    y: (x, at, shape) => Math.max(0, Math.min(255, even(Math.fround(pick(x, shape, at) / Math.fround(0.01))))),
  },
  {
    op: "DequantizeLinear",
    label: "by channel",
    inputs: ["x", scale(1, 2, 3), byte("int8", 0, 5, -7)],
    attributes: { axis: 1 },
    yields: SHAPE,
    y: (x, at, shape) => ((at[1] as number) + 1) * (pick(x, shape, at) - ([0, 5, -7][at[1] as number] as number)),
  },
  {
    op: "MatMulInteger",
    inputs: ["x", { type: "int8", dims: [4, 2], values: [1, -2, 3, 4, 5, -6, 7, 8] }, byte("int8", 2)],
    yields: [2, 3, 5, 2],
    y: (x, [n = 0, c = 0, h = 0, o = 0], shape) =>
      [0, 1, 2, 3].reduce((sum, i) => sum + (pick(x, shape, [n, c, h, i]) - 2) * ([1, -2, 3, 4, 5, -6, 7, 8][2 * i + o] as number), 0),
  },
  {
    op: "ConvInteger",
    inputs: ["x", { type: "uint8", dims: [1, 3, 1, 1], values: [1, 2, 3] }, byte("uint8", 1), byte("uint8", 2)],
    yields: [2, 1, 5, 4],
    y: (x, [n = 0, , h = 0, w = 0], shape) => [-1, 0, 1].reduce((sum, weight, c) => sum + weight * (pick(x, shape, [n, c, h, w]) - 1), 0),
  },
  {
    op: "QLinearConv",
    inputs: [
      "x",
      scale(0.5),
      byte("uint8", 1),
      { type: "int8", dims: [1, 3, 1, 1], values: [1, 2, 3] },
      scale(0.25),
      byte("int8", 0),
      scale(0.125),
      byte("int8", -1),
    ],
    yields: [2, 1, 5, 4],
    y: (x, [n = 0, , h = 0, w = 0], shape) => {
      const sum = [1, 2, 3].reduce((all, weight, c) => all + 0.25 * weight * 0.5 * (pick(x, shape, [n, c, h, w]) - 1), 0);
      return Math.max(-128, Math.min(127, even(sum / 0.125) - 1));
    },
  },
  {
    op: "QLinearMatMul",
    inputs: [
      "x",
      scale(0.5),
      byte("uint8", 1),
      { type: "int8", dims: [4, 1], values: [1, 2, 3, -4] },
      scale(0.25),
      byte("int8", 0),
      scale(0.125),
      byte("int8", -1),
    ],
    yields: [2, 3, 5, 1],
    y: (x, [n = 0, c = 0, h = 0], shape) => {
      const sum = [1, 2, 3, -4].reduce((all, weight, i) => all + 0.25 * weight * 0.5 * (pick(x, shape, [n, c, h, i]) - 1), 0);
      return Math.max(-128, Math.min(127, even(sum / 0.125) - 1));
    },
  },
  {
    op: "Conv",
    label: "1-D",
    shape: ["n", 2, 6],
    inputs: ["x", { dims: [1, 2, 3], values: [1, 2, 3, 4, 5, 6] }],
    attributes: { pads: [1, 0] },
    yields: [2, 1, 5],
    y: (x, [n = 0, , at = 0], shape) =>
      [1, 2, 3, 4, 5, 6].reduce((sum, weight, i) => sum + weight * pick(x, shape, [n, Math.floor(i / 3), at + (i % 3) - 1], 0), 0),
  },
  {
    op: "MaxPool",
    label: "1-D",
    shape: ["n", 2, 6],
    attributes: { kernel_shape: [3] },
    yields: [2, 2, 4],
    y: (x, [n = 0, c = 0, at = 0], shape) => Math.max(...[0, 1, 2].map((i) => pick(x, shape, [n, c, at + i]))),
  },
  {
    op: "AveragePool",
    label: "3-D",
    shape: ["n", 2, 3, 3, 3],
    attributes: { kernel_shape: [2, 2, 2] },
    yields: [2, 2, 2, 2, 2],
    y: (x, [n = 0, c = 0, d = 0, h = 0, w = 0], shape) =>
      total(Array.from({ length: 8 }, (_, i) => pick(x, shape, [n, c, d + (i >> 2), h + ((i >> 1) & 1), w + (i & 1)]))) / 8,
  },
  {
    op: "MatMul",
    label: "x xT",
    shape: ["n", 3, 4],
    inputs: ["x", { dims: [1, 4, 2], values: [1, 2, 3, 4, 5, 6, 7, 8] }],
    yields: [2, 3, 2],
    y: (x, [n = 0, r = 0, o = 0], shape) => [0, 1, 2, 3].reduce((sum, i) => sum + pick(x, shape, [n, r, i]) * (2 * i + o + 1), 0),
  },
  {
    op: "Gemm",
    label: "bias of both axes",
    shape: [2, 3],
    inputs: ["x", { dims: [3, 2], values: [1, 0, 0, 1, 1, 1] }, { dims: [2, 2], values: [1, 2, 3, 4] }],
    yields: [2, 2],
    y: (x, [r = 0, o = 0], shape) => pick(x, shape, [r, o]) + pick(x, shape, [r, 2]) + 1 + 2 * r + o,
  },
  {
    op: "PRelu",
    label: "slope of every element",
    inputs: ["x", { dims: [5, 4], values: Array.from({ length: 20 }, (_, i) => i / 10) }],
    yields: SHAPE,
    y: (x, at, shape) => {
      const v = pick(x, shape, at);
      return v > 0 ? v : (v * ((at[2] as number) * 4 + (at[3] as number))) / 10;
    },
  },
];
