// Every spelling of sign becomes one binarize node that gives what the spelling gives, at and next to 0 too.
import assert from "node:assert/strict";
import { test } from "node:test";
import { LoadError } from "../../src/graph/errors.ts";
import { importOnnx } from "../../src/import/onnx/import.ts";
import type { ImportOptions } from "../../src/import/onnx/options.ts";
import { interpret } from "../support/interpret.ts";
import { buildModel, type ModelSpec } from "../support/onnx-builder.ts";
import { SPELLING_CONSTANTS, SPELLINGS, type Spelling } from "./import-operators/spellings.ts";

const TINY = 2 ** -149;
const X = [0, -0, TINY, -TINY, Math.fround(0.1), 0.0999, 3, -3, 1, -1, 0.5, -0.5, 1e-3, -1e30];
const INPUTS: ModelSpec["inputs"] = [{ name: "x", shape: ["n", 2, 1, 7] }];

function importSpelling({ nodes, constants }: Pick<Spelling, "nodes" | "constants">, options?: ImportOptions) {
  const bytes = buildModel({ nodes, inputs: INPUTS, outputs: ["y"], initializers: { ...SPELLING_CONSTANTS, ...constants } });
  return importOnnx(bytes, options);
}

function compute(graph: ReturnType<typeof importOnnx>["graph"], x: number[]): number[] {
  const y = interpret(graph, { x: { shape: [1, 2, 1, 7], data: Float64Array.from(x) } }).get("y");
  return [...(y?.data ?? [])];
}

test("every spelling is one binarize node and keeps its value at zero", () => {
  const wrong = SPELLINGS.flatMap((spelling) => {
    const { graph, notes } = importSpelling(spelling);
    const ops = graph.nodes.map((node) => node.op);
    const y = compute(graph, X);
    return [
      ...(ops.join() === (spelling.ops ?? ["binarize"]).join() ? [] : [`${spelling.name}: ops are [${ops}]`]),
      ...(graph.values.filter((value) => value.type === "bits").length === 1 ? [] : [`${spelling.name}: not one value of bits`]),
      ...(notes.length === (spelling.isNoted ? 1 : 0) ? [] : [`${spelling.name}: ${notes.length} notes`]),
      ...X.flatMap((x, i) =>
        y[i] === spelling.y(x) ? [] : [`${spelling.name}: at ${Object.is(x, -0) ? "-0" : x} gives ${y[i]}, not ${spelling.y(x)}`],
      ),
    ];
  });
  assert.deepEqual(wrong, []);
});

test("Sign at zero can be chosen", () => {
  const sign = { nodes: [{ op: "Sign", name: "sign", inputs: ["x"], outputs: ["y"] }] };
  assert.deepEqual(compute(importSpelling(sign, { signZero: "minus" }).graph, X).slice(0, 4), [-1, -1, 1, -1]);
  assert.throws(
    () => importSpelling(sign, { signZero: "refuse" }),
    (error) => error instanceof LoadError && error.code === "unsupported" && error.node === "sign",
  );
});

test("thresholds and levels may differ by channel", () => {
  const { graph } = importSpelling({
    nodes: [
      { op: "Greater", inputs: ["x", "limits"], outputs: ["t"] },
      { op: "Where", inputs: ["t", "high", "low"], outputs: ["y"] },
    ],
    constants: { limits: { dims: [2, 1, 1], values: [1, -1] }, high: { dims: [2, 1, 1], values: [5, 6] }, low: { dims: [1], values: [-2] } },
  });
  const x = [0, 1, 2, 3, -1, -2, 1.5, 0, -1, -2, 3, -0.5, -1.5, 1];
  assert.deepEqual(compute(graph, x), [-2, -2, 5, 5, -2, -2, 5, 6, -2, -2, 6, 6, -2, 6]);
});

test("a sign that turns round in some channels stays a sign", () => {
  const { graph } = importSpelling({
    nodes: [
      { op: "GreaterOrEqual", inputs: ["x", "limits"], outputs: ["t"] },
      { op: "Where", inputs: ["t", "above", "below"], outputs: ["y"] },
    ],
    constants: {
      limits: { dims: [2, 1, 1], values: [1, 0] },
      above: { dims: [2, 1, 1], values: [1, -1] },
      below: { dims: [2, 1, 1], values: [-1, 1] },
    },
  });
  assert.deepEqual(
    graph.nodes.map(({ op }) => op),
    ["binarize"],
  );
  assert.deepEqual(compute(graph, [0, 1, 2, -1, 0.5, 1, 3, 0, -0, 1, -1, TINY, -TINY, 2]), [-1, 1, 1, -1, -1, 1, 1, -1, -1, -1, 1, -1, 1, -1]);
});

test("zeros padded before Sign stay zeros, before a comparison they become +1", () => {
  const pads = { pads: { type: "int64" as const, dims: [8], values: [0, 0, 1, 0, 0, 0, 0, 1] } };
  const pad = { op: "Pad", inputs: ["x", "pads"], outputs: ["padded"] };
  const signed = importSpelling({ nodes: [pad, { op: "Sign", inputs: ["padded"], outputs: ["y"] }], constants: pads });
  assert.deepEqual(
    signed.graph.nodes.map((node) => node.op),
    ["binarize", "pad"],
  );
  assert.deepEqual(compute(signed.graph, X).slice(0, 8), [0, 0, 0, 0, 0, 0, 0, 0]);
  const compared = importSpelling({
    nodes: [
      pad,
      { op: "GreaterOrEqual", inputs: ["padded", "zero"], outputs: ["t"] },
      { op: "Where", inputs: ["t", "one", "minus"], outputs: ["y"] },
    ],
    constants: pads,
  });
  assert.deepEqual(compute(compared.graph, X).slice(0, 8), [1, 1, 1, 1, 1, 1, 1, 1]);
});

test("choosing between values is arithmetic, not a sign", () => {
  const nodes: Spelling["nodes"] = [
    { op: "GreaterOrEqual", inputs: ["x", "zero"], outputs: ["t"] },
    { op: "Where", name: "choice", inputs: ["t", "x", "minus"], outputs: ["y"] },
  ];
  assert.deepEqual(
    compute(importSpelling({ nodes }).graph, X),
    [...X].map((x) => (x >= 0 ? x : -1)),
  );
});

test("and, or, xor and not of comparisons", () => {
  const between = (op: string) => {
    const nodes: Spelling["nodes"] = [
      { op: "Greater", inputs: ["x", "minus"], outputs: ["s"] },
      { op: "Greater", inputs: ["x", "zero"], outputs: ["t"] },
      { op, inputs: ["s", "t"], outputs: ["u"] },
      { op: "Not", inputs: ["u"], outputs: ["n"] },
      { op: "Cast", inputs: ["n"], outputs: ["y"], attributes: { to: 1 } },
    ];
    return compute(importSpelling({ nodes }).graph, X);
  };
  const expected = (f: (s: boolean, t: boolean) => boolean) => [...X].map((x) => Number(!f(x > -1, x > 0)));
  assert.deepEqual(
    between("And"),
    expected((s, t) => s && t),
  );
  assert.deepEqual(
    between("Or"),
    expected((s, t) => s || t),
  );
  assert.deepEqual(
    between("Xor"),
    expected((s, t) => s !== t),
  );
});

test("a comparison is no number until something makes it one", () => {
  const nodes: Spelling["nodes"] = [
    { op: "GreaterOrEqual", inputs: ["x", "zero"], outputs: ["t"] },
    { op: "Relu", name: "choice", inputs: ["t"], outputs: ["y"] },
  ];
  assert.throws(
    () => importSpelling({ nodes }),
    (error) => error instanceof LoadError && error.code === "unsupported" && error.node === "choice",
  );
});
