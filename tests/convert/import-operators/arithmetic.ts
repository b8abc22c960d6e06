// Sums, products and normalisations; constants of every shape that broadcasts.
import { type OperatorCase, pick } from "../../support/import-cases.ts";

const channel = { dims: [3, 1, 1], values: [0.5, -2, 4] };
const plane = { dims: [5, 4], values: Array.from({ length: 20 }, (_, i) => i - 7.5) };
const scalar = { dims: [], values: [-1.5] };
const full = { dims: [1, 3, 5, 4], values: Array.from({ length: 60 }, (_, i) => [0.5, -2, 4][Math.floor(i / 20)] as number) };

type Apply = (a: number, b: number) => number;

const APPLY: Record<string, Apply> = { Add: (a, b) => a + b, Sub: (a, b) => a - b, Mul: (a, b) => a * b, Div: (a, b) => a / b };

function withConstant(op: string, constant: { dims: number[]; values: number[] }, ops: string[], isFirst = false): OperatorCase {
  const apply = APPLY[op] as Apply;
  return {
    op,
    label: `${isFirst ? "constant first, " : ""}[${constant.dims}]`,
    inputs: isFirst ? [constant, "x"] : ["x", constant],
    ops,
    yields: [2, 3, 5, 4],
    y: (x, at, shape) => {
      const v = pick(x, shape, at);
      const c = pick(
        constant.values,
        [...new Array(4 - constant.dims.length).fill(1), ...constant.dims],
        at.map((index, axis) => ((constant.dims[axis - 4 + constant.dims.length] ?? 1) === 1 ? 0 : index)),
      );
      return isFirst ? apply(c, v) : apply(v, c);
    },
  };
}

const soft = (log: boolean, members: (at: readonly number[]) => number[][]): OperatorCase["y"] => {
  return (x, at, shape) => {
    const sum = members(at).reduce((total, member) => total + Math.exp(pick(x, shape, member)), 0);
    const value = pick(x, shape, at) - Math.log(sum);
    return log ? value : Math.exp(value);
  };
};
const lastAxis = ([n, c, h]: readonly number[]) => Array.from({ length: 4 }, (_, w) => [n, c, h, w] as number[]);
const allOfOne = ([n]: readonly number[]) => Array.from({ length: 60 }, (_, i) => [n, Math.floor(i / 20), Math.floor(i / 4) % 5, i % 4] as number[]);

export const ARITHMETIC_CASES: readonly OperatorCase[] = [
  ...["Add", "Sub", "Mul", "Div"].flatMap((op) => [
    withConstant(op, channel, ["affine"]),
    withConstant(op, scalar, ["affine"]),
    withConstant(op, full, ["affine"]),
  ]),
  withConstant("Add", plane, ["elementwise"]),
  withConstant("Mul", plane, ["elementwise"]),
  withConstant("Sub", plane, ["affine", "elementwise"]),
  withConstant("Div", { ...plane, values: plane.values.map((value) => value + 0.25) }, ["elementwise"]),
  withConstant("Sub", channel, ["affine"], true),
  withConstant("Sub", plane, ["affine", "elementwise"], true),
  withConstant("Add", channel, ["affine"], true),
  { op: "Add", label: "x + x", inputs: ["x", "x"], ops: ["elementwise"], yields: [2, 3, 5, 4], y: (x, at, shape) => 2 * pick(x, shape, at) },
  { op: "Mul", label: "x x", inputs: ["x", "x"], ops: ["elementwise"], yields: [2, 3, 5, 4], y: (x, at, shape) => pick(x, shape, at) ** 2 },
  { op: "Sub", label: "x - x", inputs: ["x", "x"], ops: ["affine", "elementwise"], yields: [2, 3, 5, 4], y: () => 0 },
  {
    op: "Mul",
    label: "a value of one dimension",
    shape: [4],
    inputs: ["x", scalar],
    ops: ["elementwise"],
    yields: [4],
    y: (x, at, shape) => -1.5 * pick(x, shape, at),
  },
  { op: "Neg", ops: ["affine"], yields: [2, 3, 5, 4], y: (x, at, shape) => -pick(x, shape, at) },
  { op: "Softmax", label: "last axis", ops: ["softmax"], yields: [2, 3, 5, 4], y: soft(false, lastAxis) },
  {
    op: "Softmax",
    label: "opset 11: all after axis 1",
    opset: 11,
    ops: ["reshape", "softmax", "reshape"],
    yields: [2, 3, 5, 4],
    y: soft(false, allOfOne),
  },
  { op: "LogSoftmax", attributes: { axis: -1 }, ops: ["softmax"], yields: [2, 3, 5, 4], y: soft(true, lastAxis) },
  {
    op: "LogSoftmax",
    label: "opset 11, nothing to flatten",
    opset: 11,
    attributes: { axis: 3 },
    ops: ["softmax"],
    yields: [2, 3, 5, 4],
    y: soft(true, lastAxis),
  },
];
