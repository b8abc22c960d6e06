// Nets with residuals, as the papers build them, run by the engine: what the passes fused equals the same net with every
// step on its own, and the oracle. Batches of 1 and 3.
import assert from "node:assert/strict";
import { test } from "node:test";
import { hybridize, PASSES, runPass } from "../../src/binarize/passes.ts";
import { writeModel } from "../../src/format/write.ts";
import type { Graph, Numbers } from "../../src/graph/graph.ts";
import { loadModel } from "../../src/index.ts";
import { FloatGraphBuilder, floatConv, floatDense } from "../support/graph-builder.ts";
import { interpret } from "../support/interpret.ts";
import { Random } from "../support/random.ts";
import { square } from "../support/window.ts";

const NETS = 60;
const SIDE = 7;
const MARGIN = 1e-4;
const BLOCKS = ["resnet", "downsample", "bi-real", "reactnet", "quicknet", "alexnet", "pre-activation", "xnor"] as const;

/** A net of a few blocks; -1 is the batch. */
function build(random: Random): Graph<Numbers> {
  const builder = new FloatGraphBuilder();
  const channels = random.int(1, 40);
  const input = builder.input([1, channels, SIDE, SIDE]);
  const floats = (low = -1, high = 1) => random.floats(channels, low, high);
  const add = builder.add.bind(builder);
  const conv = (x: number, kernel: 1 | 3 = 3) => {
    const perFilter = channels * kernel ** 2;
    const alphas = random.floats(channels, 0.5, 1);
    const isFloat = random.int(0, 3) === 0;
    const data = Float32Array.from({ length: channels * perFilter }, (_, i) =>
      isFloat ? random.float(-1, 1) : (random.int(0, 1) === 0 ? -1 : 1) * (alphas[Math.floor(i / perFilter)] as number),
    );
    const bias = random.pick([undefined, floats()]);
    return add(
      "conv2d",
      floatConv(
        channels,
        channels,
        square(kernel, 1, kernel >> 1),
        data.map((weight) => weight / channels),
        bias,
      ),
      x,
    );
  };
  const norm = (x: number) => add("affine", { scale: floats(-1.5, 1.5), bias: floats() }, x);
  const shift = (x: number) => add("affine", { scale: floats(1, 1), bias: floats() }, x);
  const relu = (x: number) => add("activation", { kind: "relu", alpha: 0, beta: 0 }, x);
  const sign = (x: number) => add("binarize", {}, x);
  const plus = (a: number, b: number) => add("elementwise", { kind: "add" }, random.int(0, 1) === 0 ? [a, b] : [b, a]);
  const blocks: Record<(typeof BLOCKS)[number], (x: number) => number> = {
    resnet: (x) => relu(plus(norm(conv(relu(norm(conv(x))))), x)),
    downsample: (x) => relu(plus(norm(conv(x)), norm(conv(x, 1)))),
    "bi-real": (x) => plus(norm(conv(sign(x))), x),
    reactnet: (x) => shift(add("prelu", { slope: floats() }, shift(plus(norm(conv(sign(shift(x)))), x)))),
    quicknet: (x) => plus(norm(relu(conv(sign(x)))), x),
    alexnet: (x) => add("activation", { kind: "clip", alpha: -1, beta: 1.5 }, conv(x)),
    "pre-activation": (x) => conv(sign(norm(plus(conv(x), x)))),
    xnor: (x) => norm(conv(sign(norm(conv(sign(x)))))),
  };
  let x = input;
  for (let i = random.int(1, 4); i > 0; i--) x = blocks[random.pick(BLOCKS)](x);
  x = add("reshape", { shape: [-1, channels] }, add("globalpool", { kind: "average" }, x));
  x = relu(add("dense", floatDense(channels, 5, random.floats(5 * channels), random.floats(5)), x));
  const graph = builder.finish(x);
  graph.values = graph.values.map((value) => (value.constant ? value : { ...value, shape: [-1, ...value.shape.slice(1)] }));
  return graph;
}

test(`${NETS} nets give the same fused, in single steps, and by the oracle`, async () => {
  let fusedLayers = 0;
  let compared = 0;
  for (let seed = 1; compared < NETS; seed++) {
    assert.ok(seed < 10 * NETS, "too many nets have a value at its threshold");
    const random = new Random(seed);
    const graph = build(random);
    const batch = random.pick([1, 3]);
    const shape = [batch, ...(graph.values[0]?.shape.slice(1) ?? [])];
    const x = random.floats(shape.reduce((a, b) => a * b, 1));
    const name = graph.values[graph.outputs[0] ?? -1]?.name ?? "";
    let nearest = Number.POSITIVE_INFINITY;
    const probe = (_: string, value: number, threshold: number) => {
      nearest = Math.min(nearest, Math.abs(value - threshold));
    };
    const expected = interpret(graph, { x: { shape, data: x } }, { probe }).get(name)?.data ?? [];
    if (nearest < MARGIN) continue;
    compared++;

    const context = { tolerance: 1e-5, reasons: new Map() };
    const stepwise = PASSES.filter(({ name }) => name !== "fuse-epilogue").reduce((net, { run }) => runPass(net, run, context), graph);
    const fused = hybridize(graph).graph;
    fusedLayers += fused.nodes.filter((node) => node.op === "conv2d" && node.attrs.epilogue).length;
    const adds = (net: Graph<Numbers>) => net.nodes.filter(({ op }) => op === "elementwise" || op === "activation").length;
    assert.equal(adds(fused), 0, `seed ${seed}: an add or a relu is left`);
    for (const net of [stepwise, fused]) {
      for (const options of [{ build: "simd" }, { build: "scalar" }] as const) {
        const model = await loadModel(writeModel(net), options);
        const y = model.run({ x })[name] as Float32Array;
        assert.equal(y.length, expected.length);
        y.forEach((value, i) => {
          const wanted = expected[i] as number;
          const where = `seed ${seed}, ${options.build}, ${net === fused ? "fused" : "in steps"}, batch ${batch}`;
          assert.ok(Math.abs(value - wanted) <= 1e-4 * (1 + Math.abs(wanted)), `${where}: ${value} instead of ${wanted}`);
        });
      }
    }
  }
  assert.ok(fusedLayers > NETS, `only ${fusedLayers} layers were fused`);
});
