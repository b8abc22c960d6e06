// hybit select's parts on a trained net: errors against the interpreter, and layers that get their real inputs back.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { type Graph, hybridize, importOnnx, type Numbers, selectLayers, writeModel } from "../../src/convert.ts";
import type { Tensors } from "../../src/engine/model.ts";
import { loadModel } from "../../src/index.ts";
import { keepInputsReal, listSignedLayers } from "../../src/select/signed-layers.ts";
import { interpret } from "../support/interpret.ts";
import { Random } from "../support/random.ts";

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
  const curve = all.curve ?? [];
  assert.deepEqual([curve[0]?.real, curve.at(-1)?.real], [[], all.real]);
  const [changed] = all.layers.filter(({ divergence }) => divergence !== undefined);
  const data = BATCHES.map((batch) => [graph, keepInputsReal(graph, [changed?.name as string])].map((net) => valuesOf(net, batch)));
  const output = graph.values[graph.outputs[0] as number]?.name as string;
  const sums = data.map((both) => {
    const [a, b] = both.map((values) => values.get(output)?.data) as [Float64Array, Float64Array];
    return [a.reduce((sum, v, i) => sum + (v - (b[i] as number)) ** 2, 0), a.reduce((sum, v) => sum + v * v, 0)] as const;
  });
  const expected = Math.sqrt(sums.reduce((sum, [d]) => sum + d, 0) / sums.reduce((sum, [, p]) => sum + p, 0));
  assert.ok(Math.abs((changed?.divergence as number) - expected) < 1e-2 * expected, `${changed?.divergence}, ${expected}`);
  await assert.rejects(selectLayers(graph, RUNS, { ...OPTIONS, maxMs: 1e-9 }), /with all inputs binary, more than the 1e-9 allowed/);
});

test("a name that is no such layer, a net without signs, and no inputs are refused", async () => {
  assert.throws(() => keepInputsReal(graph, ["nowhere"]), /"nowhere" reads no sign.*layers that do: \/blocks\/blocks\.1/);
  const { graph: floats } = importOnnx(gunzipSync(readFileSync("tests/fixtures/sketch10/wbin.onnx.gz")));
  await assert.rejects(selectLayers(floats, RUNS, OPTIONS), /trained with binary inputs/);
  await assert.rejects(selectLayers(graph, [], OPTIONS), /no inputs to measure on/);
});

test("measuring can be interrupted", async () => {
  const controller = new AbortController();
  const options = { ...OPTIONS, signal: controller.signal, onRun: () => controller.abort() };
  await assert.rejects(selectLayers(graph, RUNS, options), /aborted by its signal/);
});
