// Layers with weights, pools, and activations.
import { type OperatorCase, pick } from "../../support/import-cases.ts";
import { Random } from "../../support/random.ts";

const random = new Random(7);
const filters = random.floats(4 * 3 * 3 * 2);
const bias = random.floats(4);
const depthwise = random.floats(6 * 1 * 2 * 2);
const matrix = random.floats(12 * 5);
const slopes = [0.1, 0.2, 0.3];

interface Walk {
  kernel: [number, number];
  strides?: [number, number];
  dilations?: [number, number];
  /** Top, left. */
  pads?: [number, number];
}

/** Positions of the input under the window at output (row, column). */
function taps(
  { kernel, strides = [1, 1], dilations = [1, 1], pads = [0, 0] }: Walk,
  row: number,
  column: number,
): [tap: number, y: number, x: number][] {
  return Array.from({ length: kernel[0] * kernel[1] }, (_, tap) => [
    tap,
    row * strides[0] + Math.floor(tap / kernel[1]) * dilations[0] - pads[0],
    column * strides[1] + (tap % kernel[1]) * dilations[1] - pads[1],
  ]);
}

function convAt(walk: Walk, weights: ArrayLike<number>, groups: number, outs: number, addend: ArrayLike<number> | undefined): OperatorCase["y"] {
  return (x, [n, o, row, column], shape) => {
    const ins = (shape[1] as number) / groups;
    const first = Math.floor((o as number) / (outs / groups)) * ins;
    let sum = addend?.[o as number] ?? 0;
    for (let i = 0; i < ins; i++) {
      for (const [tap, y, z] of taps(walk, row as number, column as number)) {
        const weight = weights[((o as number) * ins + i) * walk.kernel[0] * walk.kernel[1] + tap] as number;
        sum += weight * pick(x, shape, [n as number, first + i, y, z], 0);
      }
    }
    return sum;
  };
}

function poolAt(walk: Walk, reduce: (inside: number[], all: number) => number): OperatorCase["y"] {
  return (x, [n, c, row, column], shape) => {
    const values = taps(walk, row as number, column as number).map(([, y, z]) => pick(x, shape, [n as number, c as number, y, z]));
    return reduce(
      values.filter((value) => !Number.isNaN(value)),
      values.length,
    );
  };
}

const max = (inside: number[]) => Math.max(...inside);
const mean = (inside: number[]) => inside.reduce((a, b) => a + b, 0) / inside.length;
const each = (apply: (value: number, channel: number) => number): OperatorCase["y"] => {
  return (x, at, shape) => apply(pick(x, shape, at), at[1] as number);
};
const sameSize = { yields: [2, 3, 5, 4] };
const weights = { dims: [4, 3, 3, 2], values: filters };

export const LAYER_CASES: readonly OperatorCase[] = [
  {
    op: "Conv",
    label: "with a bias, asymmetric pads, strides, dilations",
    inputs: ["x", weights, { dims: [4], values: bias }],
    attributes: { pads: [1, 0, 2, 1], strides: [2, 1], dilations: [1, 2], kernel_shape: [3, 2] },
    ops: ["conv2d"],
    yields: [2, 4, 3, 3],
    y: convAt({ kernel: [3, 2], strides: [2, 1], dilations: [1, 2], pads: [1, 0] }, filters, 1, 4, bias),
  },
  {
    op: "Conv",
    label: "SAME_UPPER",
    inputs: ["x", weights],
    attributes: { auto_pad: "SAME_UPPER", strides: [2, 2] },
    ops: ["conv2d"],
    yields: [2, 4, 3, 2],
    y: convAt({ kernel: [3, 2], strides: [2, 2], pads: [1, 0] }, filters, 1, 4, undefined),
  },
  {
    op: "Conv",
    label: "SAME_LOWER",
    inputs: ["x", weights],
    attributes: { auto_pad: "SAME_LOWER" },
    ops: ["conv2d"],
    yields: [2, 4, 5, 4],
    y: convAt({ kernel: [3, 2], pads: [1, 1] }, filters, 1, 4, undefined),
  },
  {
    op: "Conv",
    label: "depthwise, two filters per channel, VALID",
    inputs: ["x", { dims: [6, 1, 2, 2], values: depthwise }],
    attributes: { group: 3, auto_pad: "VALID" },
    ops: ["conv2d"],
    yields: [2, 6, 4, 3],
    y: convAt({ kernel: [2, 2] }, depthwise, 3, 6, undefined),
  },
  {
    op: "Gemm",
    label: "transB, alpha, beta",
    shape: ["n", 12],
    inputs: ["x", { dims: [5, 12], values: matrix }, { dims: [1, 5], values: [1, 2, 3, 4, 5] }],
    attributes: { transB: 1, alpha: { float: 0.5 }, beta: { float: 2 } },
    ops: ["dense"],
    yields: [2, 5],
    y: (x, [n, o]) => 2 * ((o as number) + 1) + 0.5 * dot(12, (i) => [x[(n as number) * 12 + i], matrix[(o as number) * 12 + i]]),
  },
  {
    op: "Gemm",
    label: "plain, scalar C",
    shape: ["n", 12],
    inputs: ["x", { dims: [12, 5], values: matrix }, { dims: [], values: [3] }],
    ops: ["dense"],
    yields: [2, 5],
    y: (x, [n, o]) => 3 + dot(12, (i) => [x[(n as number) * 12 + i], matrix[i * 5 + (o as number)]]),
  },
  {
    op: "MatMul",
    shape: ["n", 3, 12],
    inputs: ["x", { dims: [12, 5], values: matrix }],
    ops: ["dense"],
    yields: [2, 3, 5],
    y: (x, [n, r, o]) => dot(12, (i) => [x[((n as number) * 3 + (r as number)) * 12 + i], matrix[i * 5 + (o as number)]]),
  },
  {
    op: "BatchNormalization",
    inputs: ["x", ...[[1, -2, 0], slopes, [1, 2, 3], [0.5, 4, 0]].map((values) => ({ dims: [3], values }))],
    attributes: { epsilon: { float: 0.25 } },
    ops: ["affine"],
    ...sameSize,
    y: each((v, c) => (([1, -2, 0][c] as number) * (v - c - 1)) / Math.sqrt(([0.5, 4, 0][c] as number) + 0.25) + (slopes[c] as number)),
  },
  { op: "Relu", ops: ["activation"], ...sameSize, y: each((v) => Math.max(v, 0)) },
  { op: "Sigmoid", ops: ["activation"], ...sameSize, y: each((v) => 1 / (1 + Math.exp(-v))) },
  { op: "Tanh", ops: ["activation"], ...sameSize, y: each(Math.tanh) },
  { op: "HardSigmoid", ops: ["activation"], ...sameSize, y: each((v) => Math.min(Math.max(0.2 * v + 0.5, 0), 1)) },
  {
    op: "HardSigmoid",
    label: "torch's",
    attributes: { alpha: { float: 1 / 6 } },
    ops: ["activation"],
    ...sameSize,
    y: each((v) => Math.min(Math.max(v / 6 + 0.5, 0), 1)),
  },
  { op: "HardSwish", opset: 14, ops: ["activation"], ...sameSize, y: each((v) => (v * Math.min(Math.max(v + 3, 0), 6)) / 6) },
  { op: "Abs", ops: ["activation"], ...sameSize, y: each(Math.abs) },
  { op: "LeakyRelu", attributes: { alpha: { float: 0.3 } }, ops: ["activation"], ...sameSize, y: each((v) => (v < 0 ? 0.3 * v : v)) },
  { op: "LeakyRelu", label: "default slope", ops: ["activation"], ...sameSize, y: each((v) => (v < 0 ? 0.01 * v : v)) },
  ...[
    [3, 1, 1],
    [1, 3, 1, 1],
  ].map(
    (dims): OperatorCase => ({
      op: "PRelu",
      label: `slope [${dims}]`,
      inputs: ["x", { dims, values: slopes }],
      ops: ["prelu"],
      ...sameSize,
      y: each((v, c) => (v < 0 ? v * (slopes[c] as number) : v)),
    }),
  ),
  ...[[], [1], [1, 1, 1]].map(
    (dims): OperatorCase => ({
      op: "PRelu",
      label: `slope [${dims}]`,
      inputs: ["x", { dims, values: [0.25] }],
      ops: ["prelu"],
      ...sameSize,
      y: each((v) => (v < 0 ? v / 4 : v)),
    }),
  ),
  {
    op: "Clip",
    label: "opset 6 form",
    opset: 10,
    attributes: { min: { float: -1 }, max: { float: 2 } },
    ops: ["activation"],
    ...sameSize,
    y: each((v) => Math.min(Math.max(v, -1), 2)),
  },
  {
    op: "Clip",
    label: "upper bound only",
    inputs: ["x", "", { dims: [], values: [0.5] }],
    ops: ["activation"],
    ...sameSize,
    y: each((v) => Math.min(v, 0.5)),
  },
  { op: "Clip", label: "from 0 is Relu", inputs: ["x", { dims: [], values: [0] }], ops: ["activation"], ...sameSize, y: each((v) => Math.max(v, 0)) },
  {
    op: "MaxPool",
    label: "ceil_mode, dilations, pads",
    attributes: { kernel_shape: [2, 2], strides: [2, 2], dilations: [2, 1], pads: [1, 0, 0, 1], ceil_mode: 1 },
    ops: ["maxpool"],
    yields: [2, 3, 3, 2],
    y: poolAt({ kernel: [2, 2], strides: [2, 2], dilations: [2, 1], pads: [1, 0] }, max),
  },
  {
    op: "MaxPool",
    attributes: { kernel_shape: [3, 2] },
    ops: ["maxpool"],
    yields: [2, 3, 3, 3],
    y: poolAt({ kernel: [3, 2] }, max),
  },
  {
    op: "AveragePool",
    attributes: { kernel_shape: [3, 3], pads: [1, 1, 1, 1] },
    ops: ["avgpool"],
    ...sameSize,
    y: poolAt({ kernel: [3, 3], pads: [1, 1] }, mean),
  },
  {
    op: "AveragePool",
    label: "count_include_pad",
    attributes: { kernel_shape: [3, 3], pads: [1, 1, 1, 1], count_include_pad: 1 },
    ops: ["avgpool"],
    ...sameSize,
    y: poolAt({ kernel: [3, 3], pads: [1, 1] }, (inside, all) => inside.reduce((a, b) => a + b, 0) / all),
  },
  {
    op: "AveragePool",
    label: "ceil_mode",
    attributes: { kernel_shape: [2, 2], strides: [2, 2], ceil_mode: 1 },
    ops: ["avgpool"],
    yields: [2, 3, 3, 2],
    y: poolAt({ kernel: [2, 2], strides: [2, 2] }, mean),
  },
  { op: "GlobalAveragePool", ops: ["globalpool"], yields: [2, 3, 1, 1], y: poolAt({ kernel: [5, 4] }, mean) },
  { op: "GlobalMaxPool", ops: ["globalpool"], yields: [2, 3, 1, 1], y: poolAt({ kernel: [5, 4] }, max) },
  { op: "ReduceMean", attributes: { axes: [2, 3] }, ops: ["globalpool"], yields: [2, 3, 1, 1], y: poolAt({ kernel: [5, 4] }, mean) },
  {
    op: "ReduceMean",
    label: "axes as an input, keepdims 0",
    opset: 18,
    inputs: ["x", { type: "int64", dims: [2], values: [-1, 2] }],
    attributes: { keepdims: 0 },
    ops: ["globalpool", "reshape"],
    yields: [2, 3],
    y: (x, [n, c], shape) => mean(Array.from({ length: 20 }, (_, i) => pick(x, shape, [n as number, c as number, Math.floor(i / 4), i % 4]))),
  },
  {
    op: "LRN",
    attributes: { size: 3, alpha: { float: 0.3 }, beta: { float: 0.5 }, bias: { float: 2 } },
    ops: ["lrn"],
    ...sameSize,
    y: (x, [n, c, h, w], shape) => {
      const near = [-1, 0, 1].map((step) => pick(x, shape, [n as number, (c as number) + step, h as number, w as number], 0) ** 2);
      return pick(x, shape, [n, c, h, w] as number[]) / Math.sqrt(2 + 0.1 * near.reduce((a, b) => a + b, 0));
    },
  },
];

function dot(count: number, pair: (i: number) => [number | undefined, number | undefined]): number {
  return Array.from({ length: count }, (_, i) => pair(i)).reduce((sum, [a, b]) => sum + (a as number) * (b as number), 0);
}
