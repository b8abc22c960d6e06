// What holds for every imported graph: names, inputs, outputs, dead nodes, the batch; and how refusals are told.
import assert from "node:assert/strict";
import { test } from "node:test";
import { LoadError } from "../../src/graph/errors.ts";
import { importOnnx } from "../../src/import/onnx/import.ts";
import { buildModel, type ModelSpec, type NodeSpec } from "../support/onnx-builder.ts";

const node = (op: string, inputs: string[], output: string, name?: string) => ({ op, inputs, outputs: [output], name });

function load(spec: Partial<ModelSpec>) {
  return importOnnx(
    buildModel({ nodes: [node("Relu", ["x"], "y", "relu")], inputs: [{ name: "x", shape: ["n", 2, 3, 3] }], outputs: ["y"], ...spec }),
  );
}

function refusal(spec: Partial<ModelSpec>): LoadError {
  try {
    load(spec);
  } catch (error) {
    if (error instanceof LoadError) return error;
    throw error;
  }
  throw new Error("the model was imported");
}

test("nodes and values keep their ONNX names, metadata and producer too", () => {
  const { graph, notes } = load({ metadata: { author: "nobody" } });
  assert.deepEqual(graph, {
    name: "test",
    values: [
      { name: "x", type: "f32", shape: [-1, 2, 3, 3], constant: undefined },
      { name: "y", type: "f32", shape: [-1, 2, 3, 3], constant: undefined },
    ],
    nodes: [{ name: "relu", op: "activation", attrs: { kind: "relu", alpha: 0, beta: 0 }, inputs: [0], outputs: [1] }],
    inputs: [0],
    outputs: [1],
    metadata: { labels: [], producer: "tests 1", entries: { author: "nobody" } },
  });
  assert.deepEqual(notes, []);
});

test("names that ONNX repeats or leaves out are made unique", () => {
  const { graph } = load({ nodes: [node("Relu", ["x"], "a", "same"), node("Relu", ["a"], "b", "same"), node("Tanh", ["b"], "y")] });
  assert.deepEqual(
    graph.nodes.map((each) => each.name),
    ["same", "same_2", "Tanh:y"],
  );
});

test("a symbolic, zero or missing first dimension is any batch; a fixed one stays", () => {
  for (const [first, wanted] of [
    ["n", -1],
    [0, -1],
    [undefined, -1],
    [4, 4],
  ] as const) {
    const { graph } = load({ inputs: [{ name: "x", shape: [first, 2, 3, 3] }] });
    assert.deepEqual(
      graph.values.map((value) => value.shape[0]),
      [wanted, wanted],
    );
  }
});

test("inputs that repeat initializers are constants", () => {
  const { graph } = load({
    nodes: [node("Add", ["x", "c"], "y")],
    inputs: [
      { name: "c", shape: [1] },
      { name: "x", shape: ["n", 2] },
    ],
    initializers: { c: { dims: [1], values: [2] } },
  });
  assert.deepEqual(
    graph.inputs.map((index) => graph.values[index]?.name),
    ["x"],
  );
});

test("what no output needs is left out, even if it could not be imported", () => {
  const { graph } = load({ nodes: [node("Einsum", ["x"], "dead"), node("Relu", ["x"], "y"), node("Tanh", ["dead"], "dead too")] });
  assert.deepEqual(
    graph.nodes.map((each) => each.op),
    ["activation"],
  );
});

test("an output may be an input, a constant, or given twice", () => {
  const { graph } = load({
    nodes: [node("Relu", ["x"], "y"), node("Identity", ["y"], "z")],
    outputs: ["x", "y", "z", "c"],
    initializers: { c: { dims: [2], values: [1, 2] } },
  });
  assert.deepEqual(
    graph.outputs.map((index) => graph.values[index]?.name),
    ["x", "y", "z", "c"].map((name, i) => (i === 0 ? "x_2" : name)),
  );
  assert.equal(new Set(graph.values.map((value) => value.name)).size, graph.values.length);
});

test("several affine steps in a row become one", () => {
  const { graph } = load({
    nodes: [node("Mul", ["x", "c"], "a"), node("Add", ["a", "c"], "b"), node("Sub", ["c", "b"], "d"), node("Div", ["d", "c"], "y", "last")],
    initializers: { c: { dims: [2, 1, 1], values: [2, 4] } },
  });
  assert.deepEqual(
    graph.nodes.map(({ name, attrs }) => [name, attrs]),
    [["last", { scale: Float32Array.of(-1, -1), bias: Float32Array.of(0, 0) }]],
  );
});

test("integer inputs and true or false as outputs are numbers, with a note", () => {
  const c = { dims: [], values: [0] };
  const { graph, notes } = load({
    nodes: [node("Greater", ["x", "c"], "y")],
    inputs: [{ name: "x", shape: [1, 2], type: "int64" }],
    initializers: { c: { ...c, type: "int64" } },
  });
  assert.deepEqual(
    graph.nodes.map(({ op }) => op),
    ["binarize", "affine"],
  );
  assert.match(
    notes.map(({ message }) => message).join(),
    /input "x" is int64; it is given as floats.*output "y" is true or false; it is given as 1 and 0/,
  );
});

test("an If whose condition is known is its branch", () => {
  const choice = (isTrue: number, inner: NodeSpec = node("Relu", ["a"], "r")): Partial<ModelSpec> => ({
    nodes: [
      node("Neg", ["x"], "a"),
      {
        op: "If",
        inputs: ["c"],
        outputs: ["b"],
        name: "choice",
        attributes: {
          then_branch: {
            graph: { nodes: [inner, node("Add", ["r", "one"], "s")], outputs: ["s"], initializers: { one: { dims: [1], values: [1] } } },
          },
          else_branch: { graph: { nodes: [node("Tanh", ["a"], "t")], outputs: ["t"] } },
        },
      },
      node("Abs", ["b"], "y"),
    ],
    initializers: { c: { type: "bool", dims: [], values: [isTrue] } },
  });
  const opsOf = (spec: Partial<ModelSpec>) => load(spec).graph.nodes.map(({ op, attrs }) => ("kind" in attrs ? attrs.kind : op));
  assert.deepEqual(opsOf(choice(1)), ["affine", "relu", "affine", "leaky-relu"]);
  assert.deepEqual(opsOf(choice(0)), ["affine", "tanh", "leaky-relu"]);
  assert.match(refusal(choice(1, node("Einsum", ["a"], "r", "inside"))).message, /in node "inside": Einsum/);
  const open = refusal({ nodes: [{ ...(choice(1).nodes?.[1] as NodeSpec), inputs: ["x"] }, node("Abs", ["b"], "y")] });
  assert.match(open.message, /in node "choice": If \(opset 13\) chooses by what is computed from the model's inputs/);
  let nested: NodeSpec = node("Relu", ["a"], "r");
  for (let depth = 0; depth < 12; depth++) {
    const graph = { nodes: [nested], outputs: ["r"] };
    nested = { op: "If", inputs: ["c"], outputs: ["r"], attributes: { then_branch: { graph }, else_branch: { graph } } };
  }
  assert.match(refusal(choice(1, nested)).message, /nested more than 8 deep/);
});

test("everything unsupported is told at once, with node, operator and opset", () => {
  const error = refusal({ nodes: [node("Einsum", ["x"], "a", "first"), node("Relu", ["a"], "b"), node("GridSample", ["b"], "y", "second")] });
  assert.equal(error.code, "unsupported");
  assert.match(error.message, /^2 nodes of this model cannot be imported:\n.*"first": Einsum \(opset 13\).*\n.*"second": GridSample \(opset 13\)/);
});

const REFUSED: [what: string, spec: Partial<ModelSpec>, code: string, message: RegExp][] = [
  ["unknown operator", { nodes: [node("Einsum", ["x"], "y", "e")] }, "unsupported", /in node "e": Einsum \(opset 13\) is not supported/],
  ["other domain", { nodes: [{ ...node("Relu", ["x"], "y", "r"), domain: "com.acme" }] }, "unsupported", /domain com\.acme/],
  ["name of a built-in", { nodes: [node("constructor", ["x"], "y", "r")] }, "unsupported", /constructor \(opset 13\) is not supported/],
  [
    "constants only",
    { nodes: [node("Mod", ["x", "c"], "y", "g")], initializers: { c: { dims: [], values: [2] } } },
    "unsupported",
    /on constants only/,
  ],
  ["old opset", { opset: 6 }, "unsupported", /opset 6/],
  ["dynamic weights", { nodes: [node("Conv", ["x", "x"], "y", "m")] }, "unsupported", /computes its weights/],
  [
    "a product too large to write out",
    {
      nodes: [node("MatMul", ["x", "x"], "y", "m")],
      inputs: [{ name: "x", shape: [1, 300, 300] }],
    },
    "unsupported",
    /only small products of this kind/,
  ],
  [
    "3-D convolution",
    {
      nodes: [node("Conv", ["x", "w"], "y", "c")],
      inputs: [{ name: "x", shape: ["n", 1, 3, 3, 3] }],
      initializers: { w: { dims: [1, 1, 1, 1, 1], values: [1] } },
    },
    "unsupported",
    /convolutions of one and two dimensions/,
  ],
  [
    "picking from the batch",
    { nodes: [node("Gather", ["x", "c"], "y", "g")], initializers: { c: { type: "int64", dims: [], values: [0] } } },
    "unsupported",
    /picks images of the batch/,
  ],
  [
    "int16",
    { nodes: [{ ...node("QuantizeLinear", ["x", "c"], "y", "q"), attributes: { output_dtype: 5 } }], initializers: { c: { dims: [], values: [1] } } },
    "unsupported",
    /quantizes to data type 5; int8 and uint8/,
  ],
  ["open height", { inputs: [{ name: "x", shape: ["n", 2, "h", 3] }] }, "unsupported", /\[\?,2,\?,3\].*only the first dimension/],
  ["unknown rank", { inputs: [{ name: "x" }] }, "unsupported", /unknown rank/],
  [
    "second output of MaxPool",
    { nodes: [{ op: "MaxPool", inputs: ["x"], outputs: ["p", "y"], attributes: { kernel_shape: [2, 2] } }] },
    "unsupported",
    /optional result/,
  ],
  [
    "batch moved",
    { nodes: [{ ...node("Transpose", ["x"], "y", "t"), attributes: { perm: [1, 0, 2, 3] } }] },
    "unsupported",
    /batch has to stay the first dimension/,
  ],
  ["batch cut", { nodes: [{ op: "Split", name: "s", inputs: ["x"], outputs: ["y", "z"] }] }, "unsupported", /cuts the batch/],
  [
    "training",
    {
      nodes: [{ ...node("BatchNormalization", ["x", "c", "c", "c", "c"], "y"), attributes: { training_mode: 1 } }],
      opset: 14,
      initializers: { c: { dims: [2], values: [1, 1] } },
    },
    "unsupported",
    /model\.eval/,
  ],
  ["dangling input", { nodes: [node("Relu", ["nothing"], "y", "r")] }, "invalid", /reads "nothing"/],
  ["cycle", { nodes: [node("Add", ["x", "y"], "a"), node("Relu", ["a"], "y")] }, "invalid", /reads "y", which nothing before it makes/],
  ["missing output", { outputs: ["z"] }, "invalid", /output "z" is made by no node/],
  ["no outputs", { outputs: [] }, "invalid", /no outputs/],
  ["value made twice", { nodes: [node("Relu", ["x"], "y"), node("Tanh", ["x"], "y")] }, "invalid", /makes "y", which exists already/],
  [
    "shapes that do not fit",
    { nodes: [node("Add", ["x", "c"], "y", "a")], initializers: { c: { dims: [7], values: [1, 2, 3, 4, 5, 6, 7] } } },
    "invalid",
    /"a"/,
  ],
  [
    "attribute of the wrong type",
    { nodes: [{ ...node("LeakyRelu", ["x"], "y"), attributes: { alpha: 1 } }] },
    "invalid",
    /attribute "alpha" of type 2/,
  ],
  ["left-out input", { nodes: [node("Relu", [""], "y")] }, "invalid", /needs an input 0/],
];

test("what cannot be imported is refused with its reason", () => {
  const wrong = REFUSED.flatMap(([what, spec, code, message]) => {
    const error = refusal(spec);
    return error.code === code && message.test(error.message) ? [] : [`${what}: ${error.code}, ${error.message}`];
  });
  assert.deepEqual(wrong, []);
});

test("a newer opset is read with a note", () => {
  assert.match(load({ opset: 40 }).notes[0]?.message ?? "", /opset 40/);
});
