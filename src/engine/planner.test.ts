import assert from "node:assert/strict";
import { test } from "node:test";
import type { Attributes } from "../graph/attributes.ts";
import { PlanError } from "../graph/errors.ts";
import { countBytes, type Graph, type Node, type Value } from "../graph/graph.ts";
import { type PlanOptions, planGraph } from "./planner.ts";

const OPTIONS: PlanOptions = { kernels: "auto", simd: true, maxMemory: 2 ** 20 };
const RELU: Attributes<never>["activation"] = { kind: "relu", alpha: 0, beta: 0 };

/** x -> nodes in a row; each entry is an op with its attributes, or a skip connection back to x. */
function chain(nodes: Pick<Node, "op" | "attrs">[], shape = [-1, 4, 8, 8]): Graph {
  const values: Graph["values"] = [{ name: "x", type: "f32", shape }];
  const graph: Graph = { name: "chain", values, nodes: [], inputs: [0], outputs: [nodes.length], metadata: { labels: [], entries: {} } };
  nodes.forEach((node, index) => {
    values.push({ name: `v${index + 1}`, type: "f32", shape });
    const inputs = node.op === "elementwise" ? [index, 0] : [index];
    graph.nodes.push({ ...node, name: `n${index + 1}`, inputs, outputs: [index + 1] } as Node);
  });
  return graph;
}

function placeOf(graph: Graph, index: number, batch = 1): number {
  const place = planGraph(graph, batch, OPTIONS).values[index]?.place;
  assert.ok(place && "arena" in place);
  return place.arena;
}

test("element-wise steps of a chain work in place", () => {
  const graph = chain([
    { op: "activation", attrs: RELU },
    { op: "activation", attrs: RELU },
    { op: "activation", attrs: RELU },
  ]);
  const places = [0, 1, 2, 3].map((index) => placeOf(graph, index));
  assert.deepEqual(new Set(places).size, 1);
});

test("a value that is needed later is not overwritten", () => {
  const graph = chain([
    { op: "activation", attrs: RELU },
    { op: "elementwise", attrs: { kind: "add" } },
  ]);
  assert.notEqual(placeOf(graph, 0), placeOf(graph, 1));
});

test("an output of the graph is not overwritten by later steps", () => {
  const graph = chain([
    { op: "activation", attrs: RELU },
    { op: "activation", attrs: RELU },
  ]);
  graph.outputs = [1, 2];
  assert.notEqual(placeOf(graph, 1), placeOf(graph, 2));
});

test("a reshape of real numbers costs no step and no memory", () => {
  const graph = chain([
    { op: "reshape", attrs: { shape: [-1, 256] } },
    { op: "activation", attrs: RELU },
  ]);
  const plan = planGraph(graph, 2, OPTIONS);
  assert.deepEqual(
    plan.steps.map((step) => step.node),
    ["n2"],
  );
  assert.deepEqual(plan.values[1]?.shape, [2, 256]);
});

test("memory grows linearly with the batch", () => {
  const graph = chain([{ op: "activation", attrs: RELU }]);
  const bytes = [1, 8, 32].map((batch) => planGraph(graph, batch, OPTIONS).arenaBytes);
  assert.deepEqual(
    bytes.map((count) => count - 64),
    [1, 8, 32].map((batch) => batch * 4 * 8 * 8 * 4),
  );
});

test("a batch that cannot fit is refused before anything is allocated", () => {
  const graph = chain([{ op: "activation", attrs: RELU }]);
  assert.throws(
    () => planGraph(graph, 10000, OPTIONS),
    (error: unknown) => error instanceof PlanError && error.code === "too-large",
  );
});

test("a binarize is no step where only a convolution on pair planes reads its bits", () => {
  const window = { kernelH: 3, kernelW: 3, strideH: 1, strideW: 1, dilationH: 1, dilationW: 1, padTop: 1, padLeft: 1, padBottom: 1, padRight: 1 };
  const span = { offset: 0, bytes: 16 };
  const graph = chain([
    { op: "binarize", attrs: { thresholds: { values: span } } },
    {
      op: "conv2d",
      attrs: {
        ...{ inChannels: 4, outChannels: 4, groups: 1, window, padValue: 0, inputKind: "binary", inputScale: 1, inputZeroPoint: 0 },
        weights: { kind: "sign", data: span, alpha: span },
      },
    },
    { op: "activation", attrs: RELU },
  ]);
  (graph.values[1] as Value).type = "bits";
  const plan = (kernels: string) => planGraph(graph, 1, { ...OPTIONS, kernels }).steps.map(({ op }) => op);
  assert.deepEqual(plan("auto"), ["conv2d", "activation"]);
  assert.deepEqual(plan("reference"), ["binarize", "conv2d", "activation"]);
  graph.nodes[2] = { name: "n3", op: "unpack", attrs: {}, inputs: [1], outputs: [3] };
  assert.deepEqual(plan("auto"), ["binarize", "conv2d", "unpack"]);
});

test("errors name the node", () => {
  const graph = chain([
    { op: "activation", attrs: RELU },
    { op: "concat", attrs: { axis: 9 } },
  ]);
  assert.throws(() => planGraph(graph, 1, OPTIONS), /in node "n2"/);
});

test("bits take a word for 32 channels of a pixel", () => {
  assert.equal(countBytes({ type: "bits", shape: [2, 33, 3, 5] }), 2 * 3 * 5 * 2 * 4);
  assert.equal(countBytes({ type: "bits", shape: [2, 33] }), 2 * 2 * 4);
  assert.equal(countBytes({ type: "f32", shape: [2, 33, 3, 5] }), 2 * 33 * 3 * 5 * 4);
});
