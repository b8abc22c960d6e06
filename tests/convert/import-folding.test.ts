// Constant folding: the subgraphs that exporters write where a number would do.
import assert from "node:assert/strict";
import { test } from "node:test";
import { importOnnx } from "../../src/import/onnx/import.ts";
import { interpret } from "../support/interpret.ts";
import { buildModel, type ModelSpec, type NodeSpec, type TensorSpec } from "../support/onnx-builder.ts";

const ints = (...values: number[]): Omit<TensorSpec, "name"> => ({ type: "int64", dims: [values.length], values });
const node = (op: string, inputs: string[], output: string, attributes?: NodeSpec["attributes"]): NodeSpec => ({
  op,
  inputs,
  outputs: [output],
  attributes,
});
const constant = (output: string, tensor: Omit<TensorSpec, "name">): NodeSpec => node("Constant", [], output, { value: { tensor } });

function load(spec: Omit<ModelSpec, "inputs" | "outputs">, shape: (number | string)[] = ["n", 2, 3, 4]) {
  return importOnnx(buildModel({ inputs: [{ name: "x", shape }], outputs: ["y"], ...spec })).graph;
}

/** Import y = x + f(initializers) and read f off: a fold at work, without a way to call it directly. */
function fold(nodes: NodeSpec[], initializers: ModelSpec["initializers"], opset = 13): { shape: readonly number[]; values: number[] } {
  const graph = importOnnx(buildModel({ nodes, inputs: [{ name: "x", shape: [1] }], outputs: ["y"], initializers, opset })).graph;
  const y = interpret(graph, { x: { shape: [1], data: new Float32Array(1) } }).get("y");
  assert.ok(y);
  return { shape: y.shape, values: [...y.data] };
}

test("the pads of F.pad are computed: Constant, ConstantOfShape, Concat, Reshape, Slice backwards, Transpose, Reshape, Cast", () => {
  const graph = load({
    nodes: [
      constant("given", ints(1, 2, 0, 3)), // last axis first: left, right, top, bottom
      constant("rank", ints(4)),
      node("ConstantOfShape", ["rank"], "zeros", { value: { tensor: { type: "int64", dims: [1], values: [0] } } }),
      node("Concat", ["given", "zeros"], "all", { axis: 0 }),
      constant("pairs", ints(-1, 2)),
      node("Reshape", ["all", "pairs"], "paired"),
      constant("from", ints(-1)),
      constant("to", ints(-(2 ** 63))),
      constant("axis", ints(0)),
      constant("back", ints(-1)),
      node("Slice", ["paired", "from", "to", "axis", "back"], "turned"),
      node("Transpose", ["turned"], "across", { perm: [1, 0] }),
      constant("flat", ints(-1)),
      node("Reshape", ["across", "flat"], "row"),
      node("Cast", ["row"], "pads", { to: 7 }),
      node("Pad", ["x", "pads", ""], "y"),
    ],
  });
  assert.deepEqual(graph.nodes[0]?.attrs, { before: [0, 0, 0, 1], after: [0, 0, 3, 2], value: 0 });
});

test("x.view(x.size(0), -1) is a reshape that keeps the batch open", () => {
  const graph = load({
    nodes: [
      node("Shape", ["x"], "shape"),
      constant("first", { type: "int64", dims: [], values: [0] }),
      node("Gather", ["shape", "first"], "n", { axis: 0 }),
      node("Unsqueeze", ["n", "axes"], "batch"),
      node("Concat", ["batch", "rest"], "target", { axis: 0 }),
      node("Reshape", ["x", "target"], "y"),
    ],
    initializers: { axes: ints(0), rest: ints(-1) },
  });
  assert.deepEqual(graph.nodes[0]?.attrs, { shape: [-1, 24] });
  assert.deepEqual(graph.values[graph.outputs[0] as number]?.shape, [-1, 24]);
});

test("sizes other than the batch may be multiplied, the batch may not", () => {
  const view = (axis: number) => [
    node("Shape", ["x"], "shape"),
    node("Gather", ["shape", `at${axis}`], "size"),
    node("Mul", ["size", "four"], "product"),
    node("Concat", ["minus", "product"], "target", { axis: 0 }),
    node("Reshape", ["x", "target"], "y"),
  ];
  const initializers = { at0: ints(0), at2: ints(2), four: ints(4), minus: ints(-1) };
  assert.deepEqual(load({ nodes: view(2), initializers }).nodes[0]?.attrs, { shape: [-1, 12] });
  assert.throws(() => load({ nodes: view(0), initializers }), /Mul \(opset 13\) computes with the batch size/);
});

test("a batch folded into rows cannot be taken for the batch", () => {
  const nodes = [
    node("Reshape", ["x", "rows"], "tall"), // [2n, 12]
    node("Shape", ["tall"], "shape"),
    node("Gather", ["shape", "first"], "size"),
    node("Concat", ["size", "minus"], "target", { axis: 0 }),
    node("Reshape", ["x", "target"], "y"),
  ];
  assert.throws(() => load({ nodes, initializers: { rows: ints(-1, 12), first: ints(0), minus: ints(-1) } }), /2 rows per image/);
});

test("a bias written with expand becomes an affine", () => {
  const graph = load({
    nodes: [node("Shape", ["x"], "shape"), node("Expand", ["bias", "shape"], "large"), node("Add", ["x", "large"], "y")],
    initializers: { bias: { dims: [2, 1, 1], values: [1, -1] } },
  });
  assert.deepEqual(
    graph.nodes.map(({ op, attrs }) => [op, attrs]),
    [["affine", { scale: Float32Array.of(1, 1), bias: Float32Array.of(1, -1) }]],
  );
});

test("a quantizer left on the weights is computed", () => {
  const weights = [0.5, -1.5, 2, -4, 1, 3];
  const { shape, values } = fold(
    [
      node("ReduceMean", ["w"], "mean", { axes: [1] }),
      node("Sub", ["w", "mean"], "centred"),
      node("GreaterOrEqual", ["centred", "zero"], "test"),
      node("Where", ["test", "one", "minus"], "signs"),
      node("Abs", ["centred"], "sizes"),
      node("ReduceMean", ["sizes"], "alpha", { axes: [1], keepdims: 1 }),
      node("Mul", ["signs", "alpha"], "q"),
      node("Sub", ["q", "w"], "rest"),
      node("Add", ["w", "rest"], "y"),
    ],
    {
      w: { dims: [2, 3], values: weights },
      zero: { dims: [], values: [0] },
      one: { dims: [], type: "double", values: [1] },
      minus: { dims: [1, 1], values: [-1] },
    },
  );
  const rows = [weights.slice(0, 3), weights.slice(3)].map((row) => {
    const mean = row.reduce((a, b) => a + b, 0) / 3;
    const alpha = row.reduce((sum, w) => sum + Math.abs(w - mean), 0) / 3;
    return row.map((w) => (w >= mean ? alpha : -alpha));
  });
  assert.deepEqual(shape, [2, 3]);
  for (const [i, wanted] of rows.flat().entries()) assert.ok(Math.abs((values[i] as number) - wanted) < 1e-6, `${values[i]} is not ${wanted}`);
});

interface FoldCase {
  op: string;
  attributes?: NodeSpec["attributes"];
  inputs: Omit<TensorSpec, "name">[];
  opset?: number;
  shape: number[];
  values: number[];
}

const floats = (dims: number[], ...values: number[]): Omit<TensorSpec, "name"> => ({ dims, values });
const grid = floats([2, 3], 1, 2, 3, 4, 5, 6);

const FOLDS: FoldCase[] = [
  { op: "Add", inputs: [grid, floats([3], 10, 20, 30)], shape: [2, 3], values: [11, 22, 33, 14, 25, 36] },
  { op: "Sub", inputs: [floats([2, 1], 1, 2), floats([3], 1, 2, 3)], shape: [2, 3], values: [0, -1, -2, 1, 0, -1] },
  { op: "Div", inputs: [ints(-7, 7), ints(2, -2)], shape: [2], values: [-3, -3] },
  {
    op: "Mul",
    inputs: [
      { type: "int8", dims: [1], values: [100] },
      { type: "int8", dims: [1], values: [2] },
    ],
    shape: [1],
    values: [-56],
  },
  { op: "Pow", inputs: [floats([2], 2, 3), floats([], 2)], shape: [2], values: [4, 9] },
  { op: "Max", inputs: [floats([2], 2, 3), floats([], 2.5)], shape: [2], values: [2.5, 3] },
  { op: "Min", inputs: [floats([2], 2, 3), floats([], 2.5), floats([1], 2.25)], shape: [2], values: [2, 2.25] },
  { op: "Sqrt", inputs: [floats([2], 4, 9)], shape: [2], values: [2, 3] },
  { op: "Round", inputs: [floats([4], 0.5, 1.5, -0.5, 2.4)], shape: [4], values: [0, 2, -0, 2] },
  { op: "Sign", inputs: [floats([3], 2, 0, -3)], shape: [3], values: [1, 0, -1] },
  { op: "Clip", inputs: [floats([3], 2, 0, -3), floats([], -1), floats([], 1)], shape: [3], values: [1, 0, -1] },
  { op: "Transpose", inputs: [grid], shape: [3, 2], values: [1, 4, 2, 5, 3, 6] },
  { op: "Reshape", inputs: [grid, ints(0, -1, 1)], shape: [2, 3, 1], values: [1, 2, 3, 4, 5, 6] },
  { op: "Flatten", inputs: [grid], attributes: { axis: 0 }, shape: [1, 6], values: [1, 2, 3, 4, 5, 6] },
  { op: "Squeeze", inputs: [floats([1, 2, 1], 1, 2), ints(-1)], shape: [1, 2], values: [1, 2] },
  { op: "Unsqueeze", inputs: [floats([2], 1, 2)], attributes: { axes: [0, 2] }, opset: 11, shape: [1, 2, 1], values: [1, 2] },
  { op: "Expand", inputs: [floats([2, 1], 1, 2), ints(2, 2)], shape: [2, 2], values: [1, 1, 2, 2] },
  { op: "Concat", inputs: [grid, floats([2, 1], 7, 8)], attributes: { axis: -1 }, shape: [2, 4], values: [1, 2, 3, 7, 4, 5, 6, 8] },
  { op: "Gather", inputs: [grid, ints(-1, 0)], attributes: { axis: 1 }, shape: [2, 2], values: [3, 1, 6, 4] },
  { op: "Slice", inputs: [grid, ints(-1), ints(-100), ints(1), ints(-2)], shape: [2, 2], values: [3, 1, 6, 4] },
  { op: "Split", inputs: [grid], attributes: { axis: 1, split: [1, 2] }, opset: 11, shape: [2, 1], values: [1, 4] },
  { op: "ReduceMean", inputs: [grid], attributes: { keepdims: 1 }, shape: [1, 1], values: [3.5] },
  { op: "ReduceSum", inputs: [grid, ints(0)], shape: [1, 3], values: [5, 7, 9] },
  { op: "ReduceMax", inputs: [grid], attributes: { axes: [-1], keepdims: 0 }, shape: [2], values: [3, 6] },
  { op: "Range", inputs: [ints(1), ints(6), ints(2)], shape: [3], values: [1, 3, 5] },
  { op: "Cast", inputs: [floats([3], 1.7, -1.7, 300)], attributes: { to: 2 }, shape: [3], values: [1, 255, 44] },
  { op: "Equal", inputs: [grid, floats([], 3)], shape: [2, 3], values: [0, 0, 1, 0, 0, 0] },
  {
    op: "And",
    inputs: [
      { type: "bool", dims: [2], values: [1, 0] },
      { type: "bool", dims: [1], values: [1] },
    ],
    shape: [2],
    values: [1, 0],
  },
  { op: "Constant", inputs: [], attributes: { value_floats: { floats: [1, 2] } }, shape: [2], values: [1, 2] },
  { op: "Constant", inputs: [], attributes: { value_ints: [5, -6] }, shape: [2], values: [5, -6] },
  { op: "Shape", inputs: [grid], attributes: { start: -1 }, opset: 15, shape: [1], values: [3] },
];

test("operators on constants are computed", () => {
  const wrong = FOLDS.flatMap(({ op, attributes, inputs, opset, shape, values }) => {
    const names = inputs.map((_, i) => `c${i}`);
    const found = fold([node(op, names, "y", attributes)], Object.fromEntries(inputs.map((tensor, i) => [`c${i}`, tensor])), opset);
    const isRight = found.shape.join() === shape.join() && found.values.join() === values.join();
    return isRight ? [] : [`${op}: [${found.shape}] ${found.values}, not [${shape}] ${values}`];
  });
  assert.deepEqual(wrong, []);
});

test("forged constants do not fill memory or take for ever", () => {
  const huge = { nodes: [node("ConstantOfShape", ["dims"], "y")], initializers: { dims: ints(100000, 100000) } };
  assert.throws(() => load(huge), /too large/);
  const chain = Array.from({ length: 200 }, (_, i) => node("Exp", [i === 0 ? "first" : `v${i}`], i === 199 ? "y" : `v${i + 1}`));
  const long = { nodes: [node("ConstantOfShape", ["dims"], "first"), ...chain], initializers: { dims: ints(1024, 1024) } };
  assert.throws(() => load(long), /too much computing/);
});

test("quantized constants are dequantized: weights by tensor, by axis, and by QONNX's Quant", () => {
  const int8 = (dims: number[], ...values: number[]) => ({ type: "int8" as const, dims, values });
  const floats = (dims: number[], ...values: number[]) => ({ dims, values });
  const q = int8([2, 2], 10, -20, 30, -40);
  const dequantized = (scale: Omit<TensorSpec, "name">, zero: Omit<TensorSpec, "name">, attributes?: NodeSpec["attributes"]) => {
    const nodes = [node("DequantizeLinear", ["q", "scale", "zero"], "w", attributes), node("Add", ["x", "w"], "y")];
    return fold(nodes, { q, scale, zero }).values;
  };
  assert.deepEqual(dequantized(floats([], 0.5), int8([], 2)), [4, -11, 14, -21]);
  assert.deepEqual(dequantized(floats([2], 0.5, 2), int8([2], 0, 10), { axis: 0 }), [5, -10, 40, -100]);
  const quantize = [node("QuantizeLinear", ["r", "scale", "zero"], "w"), node("Cast", ["w"], "f", { to: 1 }), node("Add", ["x", "f"], "y")];
  const r = floats([4], -100, 0.25, 0.75, 100);
  assert.deepEqual(fold(quantize, { r, scale: floats([], 0.5), zero: int8([], 1) }).values, [-128, 1, 3, 127]);
  const quant = (bits: number, attributes: NodeSpec["attributes"]) => {
    const nodes: NodeSpec[] = [
      { ...node("Quant", ["r", "scale", "zero", "bits"], "w", attributes), domain: "onnx.brevitas" },
      node("Add", ["x", "w"], "y"),
    ];
    const numbers = { r, scale: floats([], 0.5), zero: floats([], 0), bits: floats([], bits) };
    const file = { nodes, inputs: [{ name: "x", shape: [1] }], outputs: ["y"], initializers: numbers, domains: { "onnx.brevitas": 1 } };
    const y = interpret(importOnnx(buildModel(file)).graph, { x: { shape: [1], data: new Float32Array(1) } }).get("y");
    return [...(y?.data ?? [])];
  };
  assert.deepEqual(quant(1, { signed: 1 }), [-0.5, 0.5, 0.5, 0.5]);
  assert.deepEqual(quant(2, { signed: 1, rounding_mode: "ROUND" }), [-1, 0, 0.5, 0.5]);
  assert.deepEqual(quant(2, { signed: 1, narrow: 1, rounding_mode: "CEIL" }), [-0.5, 0.5, 0.5, 0.5]);
});
