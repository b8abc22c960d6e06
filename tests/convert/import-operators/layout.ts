// Operators that only move numbers.
import { type OperatorCase, pick } from "../../support/import-cases.ts";
import type { TensorSpec } from "../../support/onnx-builder.ts";

const list = (...values: number[]): Omit<TensorSpec, "name"> => ({ type: "int64", dims: [values.length], values });
const END = 2 ** 63 - 1024; // the largest double below 2^63: "to the end"
const same: OperatorCase["y"] = (x, at, shape) => pick(x, shape, at);
const size = [2, 3, 5, 4];
/** Row-major order kept: element `at` of `to` is the same element of x. */
const kept =
  (to: number[]): OperatorCase["y"] =>
  (x, at) =>
    pick(x, to, at);
const moved =
  (from: (at: readonly number[]) => number[], fill?: number): OperatorCase["y"] =>
  (x, at, shape) =>
    pick(x, shape, from(at), fill);

export const LAYOUT_CASES: readonly OperatorCase[] = [
  { op: "Identity", ops: ["reshape"], yields: size, y: same },
  { op: "Dropout", label: "with a ratio", inputs: ["x", { dims: [], values: [0.5] }], ops: ["reshape"], yields: size, y: same },
  { op: "Cast", label: "to double", attributes: { to: 11 }, ops: ["reshape"], yields: size, y: same },
  { op: "Reshape", inputs: ["x", list(-1, 60)], ops: ["reshape"], yields: [2, 60], y: kept([2, 60]) },
  { op: "Reshape", label: "0 copies", inputs: ["x", list(0, 0, -1)], ops: ["reshape"], yields: [2, 3, 20], y: kept([2, 3, 20]) },
  { op: "Reshape", label: "fixed batch", shape: size, inputs: ["x", list(6, -1)], ops: ["reshape"], yields: [6, 20], y: kept([6, 20]) },
  { op: "Reshape", label: "rows per image", inputs: ["x", list(-1, 4)], ops: ["reshape"], yields: [30, 4], y: kept([30, 4]) },
  { op: "Flatten", ops: ["reshape"], yields: [2, 60], y: kept([2, 60]) },
  { op: "Flatten", label: "axis -1", attributes: { axis: -1 }, ops: ["reshape"], yields: [30, 4], y: kept([30, 4]) },
  { op: "Flatten", label: "axis 0, fixed batch", shape: size, attributes: { axis: 0 }, ops: ["reshape"], yields: [1, 120], y: kept([1, 120]) },
  { op: "Squeeze", shape: ["n", 1, 5, 1], inputs: ["x", list(1)], ops: ["reshape"], yields: [2, 5, 1], y: kept([2, 5, 1]) },
  {
    op: "Squeeze",
    label: "opset 11",
    shape: ["n", 1, 5, 1],
    opset: 11,
    attributes: { axes: [-1] },
    ops: ["reshape"],
    yields: [2, 1, 5],
    y: kept([2, 1, 5]),
  },
  { op: "Squeeze", label: "all", shape: ["n", 1, 5, 1], ops: ["reshape"], yields: [2, 5], y: kept([2, 5]) },
  { op: "Unsqueeze", shape: ["n", 5], inputs: ["x", list(1, -1)], ops: ["reshape"], yields: [2, 1, 5, 1], y: kept([2, 1, 5, 1]) },
  {
    op: "Unsqueeze",
    label: "opset 11",
    shape: ["n", 5],
    opset: 11,
    attributes: { axes: [1] },
    ops: ["reshape"],
    yields: [2, 1, 5],
    y: kept([2, 1, 5]),
  },
  {
    op: "Transpose",
    attributes: { perm: [0, 2, 3, 1] },
    ops: ["transpose"],
    yields: [2, 5, 4, 3],
    y: moved(([n, h, w, c]) => [n, c, h, w] as number[]),
  },
  { op: "Transpose", label: "default", shape: [4, 5], ops: ["transpose"], yields: [5, 4], y: moved(([a, b]) => [b, a] as number[]) },
  {
    op: "Concat",
    inputs: ["x", "x", "x"],
    attributes: { axis: -3 },
    ops: ["concat"],
    yields: [2, 9, 5, 4],
    y: moved(([n, c, h, w]) => [n, (c as number) % 3, h, w] as number[]),
  },
  {
    op: "Slice",
    label: "negative ends, to the end, steps",
    inputs: ["x", list(1, -3, 0), list(END, -1, 4), list(1, 2, 3), list(1, 1, 2)],
    ops: ["slice"],
    yields: [2, 2, 2, 2],
    y: moved(([n, c, h, w]) => [n, (c as number) + 1, (h as number) + 2, (w as number) * 2] as number[]),
  },
  {
    op: "Slice",
    label: "opset 9 form",
    opset: 9,
    attributes: { starts: [1], ends: [2], axes: [1] },
    ops: ["slice"],
    yields: [2, 1, 5, 4],
    y: moved(([n, , h, w]) => [n, 1, h, w] as number[]),
  },
  {
    op: "Slice",
    label: "the whole batch",
    inputs: ["x", list(0, 1), list(END, 3)],
    ops: ["slice"],
    yields: [2, 2, 5, 4],
    y: moved(([n, c, h, w]) => [n, (c as number) + 1, h, w] as number[]),
  },
  {
    op: "Split",
    label: "listed sizes, second part",
    inputs: ["x", list(1, 2)],
    attributes: { axis: 1 },
    outputs: ["other", "y"],
    ops: ["slice"],
    yields: [2, 2, 5, 4],
    y: moved(([n, c, h, w]) => [n, (c as number) + 1, h, w] as number[]),
  },
  {
    op: "Split",
    label: "opset 18, uneven last part",
    opset: 18,
    attributes: { axis: 2, num_outputs: 3 },
    outputs: ["a", "b", "y"],
    ops: ["slice"],
    yields: [2, 3, 1, 4],
    y: moved(([n, c, , w]) => [n, c, 4, w] as number[]),
  },
  {
    op: "Split",
    label: "opset 11, equal parts",
    opset: 11,
    attributes: { axis: -1 },
    outputs: ["y", "other"],
    ops: ["slice"],
    yields: [2, 3, 5, 2],
    y: same,
  },
  {
    op: "Pad",
    inputs: ["x", list(0, 0, 1, 2, 0, 0, 0, 1), { dims: [], values: [9] }],
    ops: ["pad"],
    yields: [2, 3, 6, 7],
    y: moved(([n, c, h, w]) => [n, c, (h as number) - 1, (w as number) - 2] as number[], 9),
  },
  {
    op: "Pad",
    label: "axes, empty value",
    opset: 18,
    inputs: ["x", list(1, 0), "", list(-1)],
    ops: ["pad"],
    yields: [2, 3, 5, 5],
    y: moved(([n, c, h, w]) => [n, c, h, (w as number) - 1] as number[], 0),
  },
  { op: "Pad", label: "of nothing", inputs: ["x", list(0, 0, 0, 0, 0, 0, 0, 0)], ops: ["reshape"], yields: size, y: same },
];
