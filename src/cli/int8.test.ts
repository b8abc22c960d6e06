import assert from "node:assert/strict";
import { test } from "node:test";
import { FloatGraphBuilder, floatConv, floatDense } from "../../tests/support/graph-builder.ts";
import { interpret } from "../../tests/support/interpret.ts";
import { Random } from "../../tests/support/random.ts";
import { square } from "../../tests/support/window.ts";
import { hybridize } from "../binarize/passes.ts";
import { writeModel } from "../format/write.ts";
import { compareModels, cutInputs, findRanges, loadForComparison } from "./int8.ts";

const binary = (length: number) => Float32Array.from({ length }, (_, i) => (i % 3 === 0 ? 0.5 : -0.5));
const image = { shape: [4, 2, 5, 5], data: new Random(3).floats(200) };

function build() {
  const builder = new FloatGraphBuilder();
  let x = builder.input([2, 2, 5, 5]);
  x = builder.add("conv2d", floatConv(2, 4, square(3), new Random(1).floats(72)), x, "stem");
  x = builder.add("conv2d", floatConv(4, 3, square(3), binary(108)), builder.add("activation", { kind: "relu", alpha: 0, beta: 0 }, x), "late");
  return hybridize(builder.finish(builder.add("dense", floatDense(3, 4, binary(12)), builder.add("reshape", { shape: [-1, 3] }, x), "head"))).graph;
}

test("ranges are the largest magnitudes that layers read, over all runs of a model with a fixed batch", async () => {
  const graph = build();
  const bytes = writeModel(graph);
  const model = await loadForComparison(bytes);
  const runs = cutInputs(model, { ...image, type: "f4" });
  assert.equal(runs.length, 2);
  const ranges = await findRanges(bytes, "all", runs);
  assert.deepEqual([...ranges.keys()].sort(), ["head", "late", "stem"]);
  for (const [run, name] of [0, 1].flatMap((r) => ["stem", "late", "head"].map((layer) => [r, layer] as const))) {
    const data = Float64Array.from(image.data.subarray(run * 100, run * 100 + 100));
    const read = graph.nodes.find((node) => node.name === name)?.inputs[0] ?? -1;
    const value = graph.values[read]?.name ?? "";
    const numbers = interpret(graph, { x: { shape: [2, 2, 5, 5], data } }).get(value)?.data ?? data;
    const most = Math.max(...numbers.map(Math.abs));
    assert.ok((ranges.get(name) ?? 0) >= most - 1e-5 * most, `${name}: ${ranges.get(name)}, in run ${run} ${most}`);
  }
  const { graph: rounded } = hybridize(graph, { int8: "all", int8Ranges: ranges });
  const found = compareModels(model, await loadForComparison(writeModel(rounded)), runs);
  assert.equal(found.inputs, 4);
  assert.ok(found.difference > 0 && found.difference < 0.05, `${found.difference}`);
});

test("a model does not differ from itself", async () => {
  const model = await loadForComparison(writeModel(build()));
  assert.deepEqual(compareModels(model, model, cutInputs(model, { ...image, type: "f4" })), { inputs: 4, difference: 0, sameTop1: 4 });
  assert.throws(() => cutInputs(model, { shape: [3, 2, 5, 5], data: image.data.subarray(0, 150), type: "f4" }), /3 items but the model takes 2/);
});
