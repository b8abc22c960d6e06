import assert from "node:assert/strict";
import { test } from "node:test";
import { FloatGraphBuilder, floatConv, floatDense, randomNumbers } from "../../tests/support/graph-builder.ts";
import { interpret } from "../../tests/support/interpret.ts";
import { square } from "../../tests/support/window.ts";
import { writeModel } from "../format/write.ts";
import type { ActivationKind } from "../graph/attributes.ts";
import type { Graph, Numbers } from "../graph/graph.ts";
import { spellStages } from "../ops/layer-kind.ts";
import { hybridize, PASSES, runPass } from "./passes.ts";

const CHANNELS = 3;
const draw = randomNumbers(5);
const numbers = (length: number) => Float32Array.from({ length }, () => draw());
const signs = (length: number) => Float32Array.from({ length }, () => (draw() < 0 ? -0.5 : 0.5));

/** A net being built; every method takes and gives a value. */
class Net {
  readonly builder = new FloatGraphBuilder();
  readonly x = this.builder.input([1, CHANNELS, 5, 5]);
  conv = (x: number) => this.builder.add("conv2d", floatConv(CHANNELS, CHANNELS, square(3, 1, 1), signs(27 * CHANNELS)), x);
  norm = (x: number) => this.builder.add("affine", { scale: numbers(CHANNELS), bias: numbers(CHANNELS) }, x);
  shift = (x: number) => this.builder.add("affine", { scale: new Float32Array(CHANNELS).fill(1), bias: numbers(CHANNELS) }, x);
  act = (kind: ActivationKind, x: number) => this.builder.add("activation", { kind, alpha: kind === "clip" ? -1 : 0.25, beta: 1 }, x);
  prelu = (x: number) => this.builder.add("prelu", { slope: numbers(CHANNELS) }, x);
  sign = (x: number) => this.builder.add("binarize", {}, x);
  plus = (a: number, b: number) => this.builder.add("elementwise", { kind: "add" }, [a, b]);
}

const NETS: { title: string; build: (net: Net) => number; stages: string[][]; others?: string[] }[] = [
  { title: "AlexNet", build: (n) => n.act("relu", n.conv(n.x)), stages: [["relu"]] },
  { title: "ResNet", build: (n) => n.act("relu", n.plus(n.norm(n.conv(n.x)), n.x)), stages: [["add", "relu"]] },
  {
    title: "ResNet, downsampling",
    build: (n) => n.act("relu", n.plus(n.norm(n.conv(n.x)), n.norm(n.conv(n.x)))),
    stages: [[], ["add", "relu"]],
  },
  { title: "Bi-Real Net", build: (n) => n.plus(n.norm(n.conv(n.sign(n.x))), n.x), stages: [["add"]], others: ["binarize"] },
  {
    title: "ReActNet",
    build: (n) => n.shift(n.prelu(n.shift(n.plus(n.norm(n.conv(n.sign(n.shift(n.x)))), n.x)))),
    stages: [["add", "prelu", "affine"]],
    others: ["binarize"],
  },
  {
    title: "QuickNet",
    build: (n) => n.plus(n.x, n.norm(n.act("relu", n.conv(n.sign(n.x))))),
    stages: [["relu", "affine", "add"]],
    others: ["binarize"],
  },
  { title: "clip after leaky relu", build: (n) => n.act("clip", n.act("leaky-relu", n.conv(n.x))), stages: [["prelu", "clip"]] },
  {
    title: "a norm between sum and relu",
    build: (n) => n.act("relu", n.norm(n.plus(n.conv(n.x), n.x))),
    stages: [["add", "affine"]],
    others: ["activation"],
  },
  { title: "two sums", build: (n) => n.plus(n.plus(n.conv(n.x), n.x), n.x), stages: [["add"]], others: ["elementwise"] },
  {
    title: "sum of a value and itself",
    build: (n) => {
      const y = n.conv(n.x);
      return n.plus(y, y);
    },
    stages: [[]],
    others: ["elementwise"],
  },
  {
    title: "sign of a sum, and of nothing else",
    build: (n) => n.conv(n.sign(n.norm(n.plus(n.conv(n.x), n.x)))),
    stages: [["add", "sign"], []],
  },
  {
    title: "sum read twice",
    build: (n) => {
      const y = n.plus(n.conv(n.x), n.x);
      return n.plus(n.conv(n.sign(y)), y);
    },
    stages: [["add"], ["add"]],
    others: ["binarize"],
  },
  { title: "sigmoid", build: (n) => n.act("sigmoid", n.conv(n.x)), stages: [[]], others: ["activation"] },
];

const find = (graph: Graph<Numbers>) => graph.nodes.flatMap((node) => (node.op === "conv2d" || node.op === "dense" ? [node] : []));

for (const { title, build, stages, others = [] } of NETS) {
  test(`${title}: ${stages.map((list) => `[${list.join(", ")}]`).join(" ")}`, () => {
    const net = new Net();
    const graph = net.builder.finish(build(net));
    const fused = hybridize(graph).graph;
    writeModel(fused); // refuses what does not fit
    const found = find(fused).map(({ attrs: { epilogue, thresholds } }) => [
      ...(epilogue ? spellStages(epilogue) : []),
      ...(thresholds ? ["sign"] : []),
    ]);
    assert.deepEqual(found, stages);
    assert.deepEqual(
      fused.nodes.filter(({ op }) => op !== "conv2d").map(({ op }) => op),
      others,
    );
    const data = numbers(CHANNELS * 25);
    const run = (net: Graph<Numbers>) =>
      interpret(net, { x: { shape: [1, CHANNELS, 5, 5], data } }).get(net.values[net.outputs[0] ?? -1]?.name ?? "");
    const [before, after] = [run(graph), run(fused)];
    before?.data.forEach((value, i) => {
      assert.ok(
        Math.abs(value - (after?.data[i] ?? Number.NaN)) < 1e-5 * (1 + Math.abs(value)),
        `output ${i}: ${after?.data[i]} instead of ${value}`,
      );
    });
  });
}

test("the node says what it does besides", () => {
  const net = new Net();
  const { report } = hybridize(net.builder.finish(net.act("relu", net.plus(net.conv(net.x), net.x))));
  assert.match(report.layers[0]?.reason ?? "", /; the layer itself does add, relu; output is float/);
  assert.equal(report.layers[0]?.shape.join(), "1,3,5,5");
});

test("other shapes, stored residuals and constants of other dimensions stay nodes", () => {
  const builder = new FloatGraphBuilder();
  const x = builder.input([1, 4, 3]);
  let y = builder.add("dense", floatDense(3, 4, numbers(12)), x); // [1, 4, 4]: dimension 1 is not the filters'
  y = builder.add("prelu", { slope: numbers(4) }, y);
  y = builder.add("dense", floatDense(4, 4, numbers(16)), y);
  y = builder.add("elementwise", { kind: "add" }, [y, builder.constant([1, 4, 4], numbers(16))]);
  y = builder.add("dense", floatDense(4, 4, numbers(16)), y);
  y = builder.add("elementwise", { kind: "add" }, [y, builder.input([1, 1, 4], "row")]);
  const { graph } = hybridize(builder.finish(y));
  assert.deepEqual(
    graph.nodes.map(({ op }) => op),
    ["dense", "prelu", "dense", "elementwise", "dense", "elementwise"],
  );
  assert.ok(find(graph).every(({ attrs }) => attrs.epilogue === undefined));
});

test("the other passes leave a fused layer as it is", () => {
  const net = new Net();
  const fused = hybridize(net.builder.finish(net.norm(net.prelu(net.plus(net.conv(net.x), net.x))))).graph;
  const [layer] = find(fused);
  assert.ok(layer?.attrs.epilogue);
  const context = { tolerance: 1e-5, reasons: new Map() };
  const again = PASSES.reduce((graph, { run }) => runPass(graph, run, context), fused);
  assert.deepEqual(find(again)[0]?.attrs, layer.attrs);
});
