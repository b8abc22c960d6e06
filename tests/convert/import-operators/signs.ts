// Operators that stand for a sign on their own; the spellings made of several are in import-signs.test.ts.
import { type OperatorCase, pick } from "../../support/import-cases.ts";

const size = [2, 3, 5, 4];

export const SIGN_CASES: readonly OperatorCase[] = [
  { op: "Sign", ops: ["binarize"], yields: size, y: (x, at, shape) => (pick(x, shape, at) >= 0 ? 1 : -1) },
  ...["qonnx.custom_op.general", "onnx.brevitas", "finn.custom_op.general"].map(
    (domain): OperatorCase => ({
      op: "BipolarQuant",
      label: domain,
      domain,
      inputs: ["x", { dims: [], values: [0.5] }],
      ops: ["binarize", "affine"],
      yields: size,
      y: (x, at, shape) => (pick(x, shape, at) >= 0 ? 0.5 : -0.5),
    }),
  ),
  ...["qonnx.custom_op.general", "onnx.brevitas", "finn.custom_op.general"].flatMap((domain): OperatorCase[] => [
    quant(domain, "one signed bit is a sign", [0.5, 0, 1], {}, (x) => (x >= 0 ? 0.5 : -0.5), ["binarize", "affine"]),
    quant(domain, "one unsigned bit", [0.5, 0, 1], { signed: 0 }, (x) => 0.5 * clampRound(x / 0.5, 0, 1)),
    quant(domain, "two signed bits", [0.5, 0, 2], {}, (x) => 0.5 * clampRound(x / 0.5, -2, 1)),
    quant(domain, "two signed bits, narrow", [0.5, 0, 2], { narrow: 1 }, (x) => 0.5 * clampRound(x / 0.5, -1, 1)),
    quant(domain, "two unsigned bits, zero point 1", [0.25, 1, 2], { signed: 0 }, (x) => 0.25 * (clampRound(x / 0.25 + 1, 0, 3) - 1)),
    quant(domain, "four bits, floor", [0.5, 0, 4], { rounding_mode: "FLOOR" }, (x) => 0.5 * Math.floor(Math.min(7, Math.max(-8, x / 0.5)))),
  ]),
  quant("qonnx.custom_op.general", "under its newer name", [0.5, 0, 1], {}, (x) => (x >= 0 ? 0.5 : -0.5), ["binarize", "affine"], "IntQuant"),
  {
    op: "MultiThreshold",
    label: "one threshold a channel is a sign",
    domain: "finn.custom_op.general",
    inputs: ["x", { dims: [3, 1], values: [0, 0.5, -1] }],
    attributes: { out_scale: { float: 2 }, out_bias: { float: -1 } },
    ops: ["binarize"],
    yields: size,
    y: (x, at, shape) => (pick(x, shape, at) >= ([0, 0.5, -1][at[1] as number] as number) ? 1 : -1),
  },
  {
    op: "MultiThreshold",
    label: "three, of all channels",
    domain: "qonnx.custom_op.general",
    inputs: ["x", { dims: [1, 3], values: [-1, 0, 1] }],
    yields: size,
    y: (x, at, shape) => [-1, 0, 1].filter((limit) => pick(x, shape, at) >= limit).length,
  },
  {
    op: "XnorPopcountMatMul",
    domain: "finn.custom_op.general",
    inputs: ["x", { dims: [4, 2], values: [1, 0, 0, 0, 1, 1, 0, 1] }],
    ops: ["dense"],
    yields: [2, 3, 5, 2],
    y: (x, [n = 0, c = 0, h = 0, o = 0], shape) =>
      [0, 1, 2, 3].reduce((sum, i) => {
        const [a, w] = [pick(x, shape, [n, c, h, i]), [1, 0, 0, 0, 1, 1, 0, 1][2 * i + o] as number];
        return sum + a * w + (1 - a) * (1 - w);
      }, 0),
  },
];

function clampRound(q: number, low: number, high: number): number {
  const bounded = Math.min(high, Math.max(low, q));
  return Math.abs(bounded % 1) === 0.5 ? 2 * Math.round(bounded / 2) : Math.round(bounded);
}

/** QONNX's Quant with a scale, a zero point and a number of bits. */
function quant(
  domain: string,
  label: string,
  numbers: readonly [number, number, number],
  attributes: OperatorCase["attributes"],
  f: (x: number) => number,
  ops?: string[],
  op = "Quant",
): OperatorCase {
  const inputs = ["x", ...numbers.map((value) => ({ dims: [], values: [value] }))];
  return {
    op,
    label: `${domain}, ${label}`,
    domain,
    inputs,
    attributes: { rounding_mode: "ROUND", ...attributes },
    ops,
    yields: size,
    y: (x, at, shape) => f(pick(x, shape, at)),
  };
}
