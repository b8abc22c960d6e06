// Exported models, read back by our own importer: the oracle computes the same from both graphs. Other runtimes read
// them too; bench/ compares with those.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { convertModel } from "../../src/convert.ts";
import { exportOnnx } from "../../src/export/onnx/export.ts";
import { EXPORTERS } from "../../src/export/onnx/ops/table.ts";
import { materialize, readModelBytes } from "../../src/format/materialize.ts";
import type { Graph, Numbers } from "../../src/graph/graph.ts";
import { importOnnx } from "../../src/import/onnx/import.ts";
import { decodeModel, type ModelProto } from "../../src/import/onnx/wire/model.ts";
import { readTensor } from "../../src/import/onnx/wire/tensor.ts";
import { bytesNet } from "../support/bytes-net.ts";
import { everyOpGraph } from "../support/every-op.ts";
import { interpret, type Tensor } from "../support/interpret.ts";
import { Random } from "../support/random.ts";
import { GraphBuilder, randomGraph } from "../support/random-graph.ts";
import { square, windowOf } from "../support/window.ts";

const GRAPHS = process.env.HYBIT_DEEP === "1" ? 3000 : 150;
const MARGIN = 1e-5;
const FLOATS = { inputKind: "float", inputScale: 1, inputZeroPoint: 0 } as const;

interface Inputs {
  [name: string]: { shape: number[]; data: Float32Array };
}

function drawInputs({ inputs, values }: Graph<Numbers>, random: Random, batch: number): Inputs {
  return Object.fromEntries(
    inputs.map((index) => {
      const { name, shape } = values[index] as (typeof values)[number];
      const dims = shape.map((dim) => (dim < 0 ? batch : dim));
      return [name, { shape: dims, data: random.floats(dims.reduce((product, dim) => product * dim, 1)) }];
    }),
  );
}

/** The outputs by name, and how near any value came to the threshold it was compared with. */
function observe(graph: Graph<Numbers>, inputs: Inputs): { outputs: Map<string, Tensor>; margin: number } {
  let margin = Number.POSITIVE_INFINITY;
  const probe = (_: string, value: number, threshold: number) => {
    if (!Number.isInteger(value)) margin = Math.min(margin, Math.abs(value - threshold));
  };
  const values = interpret(graph, inputs, { probe });
  const names = graph.outputs.map((index) => graph.values[index]?.name ?? "");
  return { outputs: new Map(names.map((name) => [name, values.get(name) as Tensor])), margin };
}

/** Returns what is wrong; undefined when nothing is, and "near" when rounding may decide. */
function compare(graph: Graph<Numbers>, random: Random): string | undefined {
  const inputs = drawInputs(graph, random, random.int(1, 3));
  const before = observe(graph, inputs);
  if (before.margin < MARGIN) return "near";
  const after = observe(importOnnx(exportOnnx(graph)).graph, inputs);
  for (const [name, expected] of before.outputs) {
    const found = after.outputs.get(name);
    if (found === undefined) return `output ${name} is missing`;
    if (found.shape.join() !== expected.shape.join()) return `output ${name} is [${found.shape}] instead of [${expected.shape}]`;
    const wrong = found.data.findIndex((value, i) => {
      const wanted = expected.data[i] as number;
      return !(Math.abs(value - wanted) <= 1e-5 * (1 + Math.abs(wanted))) && !Object.is(value, wanted);
    });
    if (wrong >= 0) return `output ${name}: ${found.data[wrong]} instead of ${expected.data[wrong]} at ${wrong}`;
  }
  return undefined;
}

test("the graph with every op comes back and computes the same", () => {
  for (const width of [4, 34]) assert.equal(compare(everyOpGraph(width), new Random(width)), undefined);
});

test(`${GRAPHS} random graphs come back and compute the same`, () => {
  const failures: string[] = [];
  const seen = new Set<string>();
  let compared = 0;
  for (let seed = 1; compared < GRAPHS; seed++) {
    const random = new Random(seed);
    const graph = randomGraph(random, random.int(1, 8));
    const wrong = compare(graph, random);
    if (wrong === "near") continue;
    compared++;
    for (const { op } of graph.nodes) seen.add(op);
    if (wrong !== undefined) failures.push(`seed ${seed}, ${graph.nodes.map(({ op }) => op).join(" ")}: ${wrong}`);
  }
  assert.equal(failures.slice(0, 10).join("\n"), "");
  assert.deepEqual(
    Object.keys(EXPORTERS).filter((op) => !seen.has(op)),
    [],
    "ops that never occurred",
  );
});

/** One layer on `shape`, with everything random graphs leave out. */
function layerGraph(build: (builder: GraphBuilder, x: number, random: Random) => number, shape: number[]): Graph<Numbers> {
  const builder = new GraphBuilder();
  const random = new Random(3);
  builder.output(build(builder, builder.input("x", shape), random));
  return builder.graph;
}

const CASES: [name: string, graph: Graph<Numbers>][] = [
  [
    "dense on three dimensions",
    layerGraph(
      (builder, x, random) =>
        builder.add(
          "dense",
          { ...FLOATS, inFeatures: 6, outFeatures: 4, weights: { kind: "float", data: random.floats(24), bias: random.floats(4) } },
          x,
        ),
      [1, 5, 6],
    ),
  ],
  [
    "prelu with both shifts",
    layerGraph(
      (builder, x, random) => builder.add("prelu", { slope: random.floats(5), shiftIn: random.floats(5), shiftOut: random.floats(5) }, x),
      [1, 5, 4, 3],
    ),
  ],
  [
    "affine of two dimensions",
    layerGraph((builder, x, random) => builder.add("affine", { scale: random.floats(5), bias: random.floats(5) }, x), [1, 5]),
  ],
  [
    "slice with steps",
    layerGraph((builder, x) => builder.add("slice", { starts: [0, 1, 0, 1], sizes: [-1, 2, -1, 3], steps: [1, 2, 1, 3] }, x), [1, 5, 4, 9]),
  ],
  [
    "uneven window, uneven padding, average over the padding",
    layerGraph(
      (builder, x) =>
        builder.add(
          "avgpool",
          {
            window: windowOf({ kernel: 3, dilation: 1, stride: 2, before: 1, after: 0 }, { kernel: 2, dilation: 1, stride: 1, before: 0, after: 1 }),
            ceilMode: false,
            countIncludePad: true,
          },
          x,
        ),
      [1, 2, 7, 6],
    ),
  ],
];

test("what random graphs leave out comes back too", () => {
  const wrong = CASES.map(([name, graph]) => [name, compare(graph, new Random(9))]).filter(([, what]) => what !== undefined);
  assert.deepEqual(wrong, []);
});

/** Every value of a run, as an importer of the export sees it. */
function decode(graph: Graph<Numbers>): ModelProto {
  return decodeModel(exportOnnx(graph));
}

test("the file is plain ONNX: standard operators, floats, an open batch", () => {
  const { graph, opsets, producer } = decode(everyOpGraph());
  assert.deepEqual([[...opsets.keys()], producer], [[""], "hybit"]);
  assert.deepEqual(
    graph.nodes.filter(({ domain }) => domain !== ""),
    [],
  );
  assert.deepEqual(
    [...graph.inputs, ...graph.outputs].map(({ dataType, shape }) => [dataType, shape?.[0]]),
    [...graph.inputs, ...graph.outputs].map(() => [1, -1]),
  );
  const names = graph.nodes.flatMap(({ outputs }) => outputs);
  assert.equal(new Set([...names, ...graph.initializers.map(({ name }) => name)]).size, names.length + graph.initializers.length);
});

test("labels, preprocessing and notes travel as metadata", () => {
  const { metadata } = decode(everyOpGraph());
  assert.deepEqual(JSON.parse(metadata.labels ?? ""), everyOpGraph().metadata.labels);
  assert.equal(JSON.parse(metadata.preprocess ?? "").resize, "contain");
  assert.deepEqual([metadata.license, metadata.accuracy, metadata[""]], ["Apache-2.0", "0.5", "empty key"]);
});

test("an int8 input at the scale of each run is rounded to a share of its largest number", () => {
  const builder = new GraphBuilder();
  const weights = { kind: "float", data: new Random(1).floats(6) } as const;
  const attrs = { ...FLOATS, inChannels: 3, outChannels: 2, groups: 1, window: square(1), padValue: 0, weights } as const;
  builder.output(builder.add("conv2d", attrs, builder.input("x", [1, 3, 4, 4])));
  Object.assign(builder.graph.nodes[0]?.attrs ?? {}, { inputKind: "int8", inputScale: 0, inputZeroPoint: 0 });
  const { nodes, initializers } = decode(builder.graph).graph;
  assert.deepEqual(
    nodes.map(({ op }) => op),
    ["Abs", "ReduceMax", "Div", "Max", "Div", "Round", "Mul", "Conv"],
  );
  const axes = initializers.find(({ name }) => name === "conv2d0.image_axes");
  assert.deepEqual(axes && [...readTensor(axes, axes.name).data].map(Number), [1, 2, 3]);
});

test("an int8 input is quantised and opened again", () => {
  const builder = new GraphBuilder();
  const x = builder.input("x", [1, 3, 4, 4]);
  const weights = { kind: "float", data: new Random(1).floats(6) } as const;
  const attrs = { ...FLOATS, inChannels: 3, outChannels: 2, groups: 1, window: square(1), padValue: 0, weights } as const;
  builder.output(builder.add("conv2d", attrs, x));
  Object.assign(builder.graph.nodes[0]?.attrs ?? {}, { inputKind: "int8", inputScale: 0.25, inputZeroPoint: -3 });
  const { nodes, initializers } = decode(builder.graph).graph;
  assert.deepEqual(
    nodes.map(({ op }) => op),
    ["QuantizeLinear", "DequantizeLinear", "Conv"],
  );
  const constants = Object.fromEntries(initializers.map((proto) => [proto.name, readTensor(proto, proto.name)]));
  assert.deepEqual([...(constants["conv2d0.input_scale"]?.data ?? [])], [0.25]);
  assert.deepEqual([constants["conv2d0.input_zero_point"]?.type, ...(constants["conv2d0.input_zero_point"]?.data ?? [])], ["int8", -3]);
});

test("int8 values between layers are floats that were rounded by their maker and are by their reader", () => {
  const ops = decode(bytesNet({ input: true, between: true })).graph.nodes.map(({ op }) => op);
  const grid = ["QuantizeLinear", "DequantizeLinear"];
  assert.deepEqual(ops, [...grid, "Conv", "Relu", ...grid, ...grid, "Conv", "Relu", ...grid, "Reshape", ...grid, "Gemm"]);
});

for (const variant of ["fbin", "hybrid", "wbin", "fprec"]) {
  test(`sketch10-${variant} exported and converted again is the same net of bits`, () => {
    const bytes = new Uint8Array(readFileSync(`models/sketch10-${variant}.hybit`));
    const { graph, data } = readModelBytes(bytes);
    const original = materialize(graph, data);
    const { model } = convertModel(exportOnnx(original));
    const again = readModelBytes(model);
    const kinds = ({ nodes }: Pick<Graph<unknown>, "nodes">) =>
      nodes.flatMap((node) =>
        node.op === "conv2d" || node.op === "dense"
          ? [[node.op, node.attrs.inputKind, node.attrs.weights.kind, node.attrs.thresholds !== undefined]]
          : [],
      );
    assert.deepEqual(kinds(again.graph), kinds(graph));
    const inputs = drawInputs(original, new Random(5), 1);
    const [before, after] = [original, materialize(again.graph, again.data)].map((each) => [...observe(each, inputs).outputs.values()][0]);
    before?.data.forEach((value, i) => {
      assert.ok(Math.abs(value - (after?.data[i] ?? Number.NaN)) <= 1e-3 * (1 + Math.abs(value)), `${value} and ${after?.data[i]}`);
    });
  });
}
