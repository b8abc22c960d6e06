// hybit select's parts on a trained net: errors against the interpreter, and layers that get their real inputs back.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { type Graph, hybridize, importOnnx, type Numbers, selectLayers, writeModel } from "../../src/convert.ts";
import type { Tensors } from "../../src/engine/model.ts";
import { listBest } from "../../src/engine/top-k.ts";
import { loadModel } from "../../src/index.ts";
import { keepInputsReal, listSignedLayers } from "../../src/select/signed-layers.ts";
import { FloatGraphBuilder, floatConv } from "../support/graph-builder.ts";
import { interpret } from "../support/interpret.ts";
import { Random } from "../support/random.ts";
import { square } from "../support/window.ts";

const { graph } = importOnnx(gunzipSync(readFileSync("tests/fixtures/sketch10/fbin.onnx.gz")));
const SHAPE = [2, 1, 28, 28];
const BATCHES = [1, 2].map((seed) => new Random(seed).floats(2 * 28 * 28));
const inputName = graph.values[graph.inputs[0] as number]?.name as string;
const RUNS: Tensors[] = BATCHES.map((data) => ({ [inputName]: data }));
const OPTIONS = { load: loadModel };

function valuesOf(net: Graph<Numbers>, data: Float32Array) {
  return interpret(net, { [inputName]: { shape: SHAPE, data } });
}

test("errors are those of the values before the signs", async () => {
  const { layers, images } = await selectLayers(graph, RUNS, OPTIONS);
  assert.equal(images, 4);
  const signs = listSignedLayers(graph);
  assert.equal(signs.length, 5);
  for (const { layer, sign } of signs) {
    const images = BATCHES.flatMap((data) => {
      const all = valuesOf(graph, data).get(graph.values[sign.inputs[0] as number]?.name as string)?.data as Float64Array;
      return [all.subarray(0, all.length / 2), all.subarray(all.length / 2)];
    });
    const mean = (list: ArrayLike<number>, f: (x: number) => number) => Array.from(list, f).reduce((a, b) => a + b, 0) / list.length;
    const lost = images.map((x) => mean(x, (v) => ((v < 0 ? -1 : 1) - v) ** 2));
    const expected = {
      rmse: Math.sqrt(mean(lost, (e) => e)),
      normalized: Math.sqrt(
        mean(
          lost.map((e, i) => e / mean(images[i] as Float64Array, (v) => v * v)),
          (e) => e,
        ),
      ),
      oneMinusSquare: mean(
        images.map((x) => mean(x, (v) => Math.abs(1 - Math.min(1, Math.abs(v)) ** 2))),
        (e) => e,
      ),
    };
    const found = layers.find(({ name }) => name === layer.name)?.errors;
    for (const form of ["rmse", "normalized", "oneMinusSquare"] as const) {
      assert.ok(
        Math.abs((found?.[form] as number) - expected[form]) < 1e-3 * (1 + expected[form]),
        `${layer.name} ${form}: ${found?.[form]}, ${expected[form]}`,
      );
    }
  }
});

test("chosen layers become WBin, the rest stays, and the net computes what its graph says", async () => {
  const before = hybridize(graph).report.layers;
  const names = listSignedLayers(graph).map(({ layer }) => layer.name);
  for (const chosen of [[names[0]], [names[1], names[4]], names] as string[][]) {
    const real = keepInputsReal(graph, chosen);
    const { graph: hybrid, report } = hybridize(real);
    report.layers.forEach(({ name, kind }, i) => {
      assert.equal(kind, chosen.includes(name) ? "WBin" : before[i]?.kind, name);
    });
    const model = await loadModel(writeModel(hybrid));
    const data = BATCHES[0] as Float32Array;
    const output = model.outputs[0]?.name as string;
    const expected = valuesOf(real, data).get(output)?.data as Float64Array;
    const scale = Math.max(...expected.map(Math.abs));
    model.run({ [inputName]: data })[output]?.forEach((value, i) => {
      assert.ok(Math.abs(value - (expected[i] as number)) < 1e-3 * scale, `${value}, ${expected[i]}`);
    });
  }
  assert.equal(graph.nodes.filter(({ op }) => op === "binarize").length, 5, "the given graph is left alone");
});

test("a budget buys the layers that change the outputs most, and no more than it pays for", async () => {
  const all = await selectLayers(graph, RUNS, { ...OPTIONS, maxMs: 1e6 });
  assert.equal(all.real.length, 5);
  const curve = all.budget?.curve ?? [];
  assert.deepEqual([curve[0]?.real, curve.at(-1)?.real], [[], all.real]);
  const [changed] = all.layers.filter(({ change }) => change !== undefined);
  const data = BATCHES.map((batch) => [graph, keepInputsReal(graph, [changed?.name as string])].map((net) => valuesOf(net, batch)));
  const output = graph.values[graph.outputs[0] as number]?.name as string;
  const sums = data.map((both) => {
    const [a, b] = both.map((values) => values.get(output)?.data) as [Float64Array, Float64Array];
    return [a.reduce((sum, v, i) => sum + (v - (b[i] as number)) ** 2, 0), a.reduce((sum, v) => sum + v * v, 0)] as const;
  });
  const expected = Math.sqrt(sums.reduce((sum, [d]) => sum + d, 0) / sums.reduce((sum, [, p]) => sum + p, 0));
  assert.ok(Math.abs((changed?.change as number) - expected) < 1e-2 * expected, `${changed?.change}, ${expected}`);
  await assert.rejects(selectLayers(graph, RUNS, { ...OPTIONS, maxMs: 1e-9 }), /with all inputs binary, more than the 1e-9 allowed/);
});

test("layers that read one sign through a pool are chosen together", async () => {
  const builder = new FloatGraphBuilder();
  const random = new Random(3);
  const signs = () => Float32Array.from(random.floats(9 * 16), (x) => (x < 0 ? -0.5 : 0.5));
  const conv = (x: number) => builder.add("conv2d", floatConv(4, 4, square(3, 1, 1), signs()), x);
  const x = builder.input([1, 4, 8, 8]);
  const pooled = builder.add("maxpool", { window: square(2, 2, 0), ceilMode: false }, builder.add("binarize", {}, conv(x)));
  const net = builder.finish(builder.add("elementwise", { kind: "add" }, [conv(pooled), conv(pooled)]));
  const name = net.values[net.inputs[0] as number]?.name as string;
  const runs = [{ [name]: random.floats(256) }];
  for (const budget of [{}, { maxMs: 1e6 }, { maxDrop: 0 }]) {
    const { real, layers } = await selectLayers(net, runs, { ...OPTIONS, ...budget });
    const [first, second] = layers.filter(({ cost }) => cost !== undefined);
    assert.deepEqual([first?.cost, first?.score], [second?.cost, second?.score]);
    if (Object.keys(budget).length > 0) assert.deepEqual(real, [first?.name, second?.name]);
    assert.doesNotThrow(() => keepInputsReal(net, real));
  }
});

const { graph: floats } = importOnnx(gunzipSync(readFileSync("tests/fixtures/sketch10/wbin.onnx.gz")));
// Its classifier and first layer are its only real weights; as a net of real weights it will do.
const AMONG = [floats.nodes.find(({ op }) => op === "conv2d")?.name as string, floats.nodes.findLast(({ op }) => op === "dense")?.name as string];
const FLOAT_RUNS = BATCHES.map((data) => ({ [floats.values[floats.inputs[0] as number]?.name as string]: data }));
const WEIGHTS = { ...OPTIONS, binarize: "sign" as const, among: AMONG };

test("weights that stay real keep a net within its bytes, and what is measured is what convert makes", async () => {
  const most = await selectLayers(floats, FLOAT_RUNS, { ...WEIGHTS, maxBytes: 1e9 });
  assert.deepEqual([most.real, most.budget?.check?.divergence], [AMONG, 0]);
  const sizes = most.budget?.curve.map(({ price }) => price) ?? [];
  assert.ok(sizes.length > 2);
  for (const maxBytes of sizes) {
    const { real, weights, layers } = await selectLayers(floats, FLOAT_RUNS, { ...WEIGHTS, maxBytes });
    assert.deepEqual([...real, ...(weights?.layers ?? [])].sort(), [...AMONG].sort());
    const chosen = weights && weights.layers.length > 0 ? { binarize: weights.method, layers: weights.layers } : {};
    assert.ok(writeModel(hybridize(floats, chosen).graph).length <= maxBytes);
    for (const { name, kind } of layers) assert.equal(kind === "FPrec", real.includes(name), name);
  }
  await assert.rejects(selectLayers(floats, FLOAT_RUNS, { ...WEIGHTS, maxBytes: 1000 }), /has \d+ bytes with all weights binary, more than the 1000/);
});

test("a drop is kept, with classes and without", async () => {
  const model = await loadModel(writeModel(hybridize(floats).graph));
  const truth = FLOAT_RUNS.flatMap((run) => listBest(Object.values(model.run(run))[0] as Float32Array, 10));
  for (const maxDrop of [0, 0.3, 2]) {
    const { budget } = await selectLayers(floats, FLOAT_RUNS, { ...WEIGHTS, maxDrop });
    assert.ok((budget?.check?.divergence as number) <= maxDrop);
    const { before = 0, after = 0 } = (await selectLayers(floats, FLOAT_RUNS, { ...WEIGHTS, maxDrop, truth })).budget?.check?.accuracy ?? {};
    assert.ok(before === 1 && before - after <= maxDrop);
  }
  const all = await selectLayers(floats, FLOAT_RUNS, { ...WEIGHTS, maxDrop: 2 });
  assert.deepEqual(all.real, [], "the most binary net that is allowed");
});

test("budgets and classes that cannot be are refused", async () => {
  const refused = (options: object, message: RegExp) => assert.rejects(selectLayers(floats, FLOAT_RUNS, { ...WEIGHTS, ...options }), message);
  await refused({}, /choosing among weights needs a budget/);
  await refused({ maxMs: 1, maxBytes: 1 }, /more than one budget/);
  await refused({ maxDrop: 1, truth: [1, 2, 3] }, /there are 3 class numbers but 4 inputs/);
  await refused({ maxDrop: 1, truth: [1, 2, 3, 10] }, /class number 3 is 10; classes are 0 to 9/);
  await refused({ maxDrop: 1, among: ["nowhere"] }, /there is no layer "nowhere" to binarize/);
  await refused({ maxDrop: 1, among: undefined }, /no layer between the first and the last has real weights/);
  await refused({ maxDrop: 1, among: [floats.nodes.filter(({ op }) => op === "conv2d")[1]?.name] }, /has binary weights already; leave it out/);
  await assert.rejects(selectLayers(floats, FLOAT_RUNS.values(), { ...WEIGHTS, maxDrop: 1 }), /given as an iterator, give an array/);
});

test("a name that is no such layer, a net without signs, and no inputs are refused", async () => {
  assert.throws(() => keepInputsReal(graph, ["nowhere"]), /"nowhere" reads no sign.*layers that do: \/blocks\/blocks\.1/);
  await assert.rejects(selectLayers(floats, RUNS, OPTIONS), /trained with binary inputs/);
  await assert.rejects(selectLayers(graph, [], OPTIONS), /no inputs to measure on/);
});

test("measuring can be interrupted", async () => {
  const controller = new AbortController();
  const options = { ...OPTIONS, signal: controller.signal, onRun: () => controller.abort() };
  await assert.rejects(selectLayers(graph, RUNS, options), /aborted by its signal/);
});
