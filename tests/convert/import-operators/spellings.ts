// The sign function as exporters spell it, several nodes each. `y` is what the nodes compute by ONNX's rules.
import type { NodeSpec, TensorSpec } from "../../support/onnx-builder.ts";

export interface Spelling {
  name: string;
  nodes: NodeSpec[];
  constants?: Record<string, Omit<TensorSpec, "name">>;
  y: (x: number) => number;
  /** Ops of the graph, in order; default a binarize alone. */
  ops?: string[];
  /** True: ONNX gives 0 at 0, and a note says what we give. */
  isNoted?: boolean;
}

const number = (value: number): Omit<TensorSpec, "name"> => ({ dims: [], values: [value] });
const CONSTANTS = { zero: number(0), one: number(1), minus: number(-1), two: number(2), tenth: number(0.1) };
const node = (op: string, inputs: string[], output: string, attributes?: NodeSpec["attributes"]): NodeSpec => ({
  op,
  name: output,
  inputs,
  outputs: [output],
  attributes,
});
const TO_FLOAT = { to: 1 };
const where = (test: NodeSpec, yes: string, no: string) => [test, node("Where", [test.outputs[0] as string, yes, no], "y")];
const full = (value: number): Omit<TensorSpec, "name"> => ({ dims: [1, 2, 1, 7], values: new Array(14).fill(value) });

export const SPELLINGS: readonly Spelling[] = [
  { name: "Where(x >= 0, 1, -1)", nodes: where(node("GreaterOrEqual", ["x", "zero"], "t"), "one", "minus"), y: (x) => (x >= 0 ? 1 : -1) },
  { name: "Where(x > 0, 1, -1)", nodes: where(node("Greater", ["x", "zero"], "t"), "one", "minus"), y: (x) => (x > 0 ? 1 : -1) },
  { name: "Where(x < 0, -1, 1)", nodes: where(node("Less", ["x", "zero"], "t"), "minus", "one"), y: (x) => (x < 0 ? -1 : 1) },
  { name: "Where(x <= 0, -1, 1)", nodes: where(node("LessOrEqual", ["x", "zero"], "t"), "minus", "one"), y: (x) => (x <= 0 ? -1 : 1) },
  { name: "Where(x >= 0, -1, 1)", nodes: where(node("GreaterOrEqual", ["x", "zero"], "t"), "minus", "one"), y: (x) => (x >= 0 ? -1 : 1) },
  { name: "Where(0 <= x, 1, -1)", nodes: where(node("LessOrEqual", ["zero", "x"], "t"), "one", "minus"), y: (x) => (x >= 0 ? 1 : -1) },
  { name: "Where(0 < x, 1, -1)", nodes: where(node("Less", ["zero", "x"], "t"), "one", "minus"), y: (x) => (x > 0 ? 1 : -1) },
  {
    name: "Where(not x < 0, 1, -1)",
    nodes: [node("Less", ["x", "zero"], "less"), ...where(node("Not", ["less"], "t"), "one", "minus")],
    y: (x) => (x < 0 ? -1 : 1),
  },
  {
    name: "Where with full-size constants",
    nodes: where(node("GreaterOrEqual", ["x", "zero"], "t"), "ones", "minuses"),
    constants: { ones: full(1), minuses: full(-1) },
    y: (x) => (x >= 0 ? 1 : -1),
  },
  {
    name: "Where with constants of x's own shape",
    nodes: [
      node("Shape", ["x"], "shape"),
      node("ConstantOfShape", ["shape"], "ones", { value: { tensor: { dims: [1], values: [1] } } }),
      node("Neg", ["ones"], "minuses"),
      ...where(node("GreaterOrEqual", ["x", "zero"], "t"), "ones", "minuses"),
    ],
    y: (x) => (x >= 0 ? 1 : -1),
  },
  {
    name: "Where(x >= 0.1, 2, 0), other levels and threshold",
    nodes: where(node("GreaterOrEqual", ["x", "tenth"], "t"), "two", "zero"),
    y: (x) => (x >= Math.fround(0.1) ? 2 : 0),
    ops: ["binarize", "affine"],
  },
  {
    name: "Where(-x >= 0, 1, -1)",
    nodes: [node("Neg", ["x"], "negative"), ...where(node("GreaterOrEqual", ["negative", "zero"], "t"), "one", "minus")],
    y: (x) => (x <= 0 ? 1 : -1),
    ops: ["affine", "binarize"],
  },
  {
    name: "Cast(x >= 0) * 2 - 1",
    nodes: [
      node("GreaterOrEqual", ["x", "zero"], "t"),
      node("Cast", ["t"], "bit", TO_FLOAT),
      node("Mul", ["bit", "two"], "double"),
      node("Sub", ["double", "one"], "y"),
    ],
    y: (x) => (x >= 0 ? 1 : -1),
  },
  {
    name: "1 - 2 Cast(x < 0)",
    nodes: [
      node("Less", ["x", "zero"], "t"),
      node("Cast", ["t"], "bit", TO_FLOAT),
      node("Mul", ["two", "bit"], "double"),
      node("Sub", ["one", "double"], "y"),
    ],
    y: (x) => (x < 0 ? -1 : 1),
  },
  {
    name: "Cast(x > 0)",
    nodes: [node("Greater", ["x", "zero"], "t"), node("Cast", ["t"], "y", TO_FLOAT)],
    y: (x) => (x > 0 ? 1 : 0),
    ops: ["binarize", "affine"],
  },
  { name: "Sign", nodes: [node("Sign", ["x"], "y")], y: (x) => (x >= 0 ? 1 : -1), isNoted: true },
  {
    name: "Sign(Sign(x) + 0.1)",
    nodes: [node("Sign", ["x"], "first"), node("Add", ["first", "tenth"], "shifted"), node("Sign", ["shifted"], "y")],
    y: (x) => (x >= 0 ? 1 : -1),
  },
  {
    name: "Sign(Sign(x) - 0.1)",
    nodes: [node("Sign", ["x"], "first"), node("Sub", ["first", "tenth"], "shifted"), node("Sign", ["shifted"], "y")],
    y: (x) => (x > 0 ? 1 : -1),
  },
  {
    name: "Sign(Clip(x, -1, 1))",
    nodes: [node("Clip", ["x", "minus", "one"], "clipped"), node("Sign", ["clipped"], "y")],
    y: (x) => (x >= 0 ? 1 : -1),
    isNoted: true,
  },
  {
    name: "one bit, 0 and 1: Round(Clip(x, 0, 1))",
    nodes: [node("Clip", ["x", "zero", "one"], "clipped"), node("Round", ["clipped"], "y")],
    ops: ["activation", "binarize", "affine"],
    y: (x) => (x > 0.5 ? 1 : 0),
  },
  {
    name: "straight-through: (Sign(x) - x) + x",
    nodes: [node("Sign", ["x"], "sign"), node("Sub", ["sign", "x"], "rest"), node("Add", ["rest", "x"], "y")],
    y: (x) => (x >= 0 ? 1 : -1),
    isNoted: true,
  },
  {
    name: "straight-through: x + (Where(x >= 0, 1, -1) - x)",
    nodes: [
      node("GreaterOrEqual", ["x", "zero"], "t"),
      node("Where", ["t", "one", "minus"], "sign"),
      node("Sub", ["sign", "x"], "rest"),
      node("Add", ["x", "rest"], "y"),
    ],
    y: (x) => (x >= 0 ? 1 : -1),
  },
  {
    name: "straight-through: (Sign(x) - Clip(x)) + Clip(x)",
    nodes: [
      node("Clip", ["x", "minus", "one"], "clipped"),
      node("Sign", ["x"], "sign"),
      node("Sub", ["sign", "clipped"], "rest"),
      node("Add", ["rest", "clipped"], "y"),
    ],
    y: (x) => (x >= 0 ? 1 : -1),
    isNoted: true,
  },
];

export const SPELLING_CONSTANTS = CONSTANTS;
