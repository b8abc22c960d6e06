// Batches that run in parts: results are those of each image alone, to the bit, and everything about a run holds for the whole batch.
// Needs dist/threads-node-worker.js.
import assert from "node:assert/strict";
import { resolve } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { writeModel } from "../../src/format/write.ts";
import { loadModel, RunError } from "../../src/index.ts";
import { loadThreaded } from "../../src/threads/load.ts";
import { nodeHost } from "../../src/threads/node.ts";
import { Random } from "../support/random.ts";
import { GraphBuilder } from "../support/random-graph.ts";
import { square } from "../support/window.ts";

const host = nodeHost(pathToFileURL(resolve("dist/threads-node-worker.js")));

const SIDE = 64;
const IMAGE = 3 * SIDE * SIDE;
const BATCH = 8;

/** int8 convolution at the scale of each image, max pool, signs, dense: more than a quarter of a MiB an image. */
function makeFile(): Uint8Array {
  const random = new Random(8);
  const builder = new GraphBuilder();
  const x = builder.input("x", [1, 3, SIDE, SIDE]);
  const real = { inputScale: 1, inputZeroPoint: 0, padValue: 0 as const };
  const weights = { kind: "float" as const, data: random.floats(16 * 9 * 3), bias: random.floats(16) };
  const conv = { inChannels: 3, outChannels: 16, groups: 1, window: square(3, 1, 1), weights, ...real, inputKind: "int8" as const, inputScale: 0 };
  const pool = { window: square(3, 2, 1), ceilMode: false };
  const pooled = builder.add("maxpool", pool, builder.add("conv2d", conv, x));
  const flat = builder.add("reshape", { shape: [-1, 16 * 32 * 32] }, pooled);
  const signs = { kind: "sign" as const, data: random.words(10, 16 * 32 * 32), alpha: random.floats(10, 0.1, 1) };
  const layer = { inFeatures: 16 * 32 * 32, outFeatures: 10, weights: signs, ...real, inputKind: "binary" as const };
  builder.output(builder.add("dense", layer, builder.add("binarize", {}, flat)));
  builder.output(pooled);
  return writeModel(builder.graph);
}

const FILE = makeFile();
/** Images of different ranges: a scale of all of them would show. */
const X = new Random(9).floats(BATCH * IMAGE).map((value, i) => value * (1 + Math.floor(i / IMAGE)));
const itemOf = (item: number) => X.subarray(item * IMAGE, (item + 1) * IMAGE);

/** All outputs of all images, one at a time. */
async function runSingly(count = BATCH): Promise<Record<string, number[]>> {
  using model = await loadModel(FILE);
  const results = Array.from({ length: count }, (_, item) => model.run({ x: itemOf(item) }));
  return Object.fromEntries(model.outputs.map(({ name }) => [name, results.flatMap((result) => Array.from(result[name] ?? []))]));
}

const spread = (result: Record<string, Float32Array>) => Object.fromEntries(Object.entries(result).map(([name, data]) => [name, Array.from(data)]));

test("a batch in parts gives what each image alone gives, whatever its size, with threads too", async () => {
  using model = await loadModel(FILE, { batch: BATCH });
  using threaded = await loadThreaded(FILE, { threads: 2 }, host, 0);
  assert.ok(model.plan(BATCH).batch < BATCH, "the batch is not cut");
  assert.ok(model.plan(BATCH).batch > 1, "parts of one image hide errors");
  for (const batch of [BATCH, 7, 5, 2, 1]) {
    const expected = await runSingly(batch);
    const x = X.subarray(0, batch * IMAGE);
    assert.deepEqual(spread(model.run({ x })), expected, `batch ${batch}`);
    assert.deepEqual(spread(threaded.run({ x })), expected, `batch ${batch}, two threads`);
    assert.deepEqual(spread(await model.runAsync({ x })), expected, `batch ${batch}, runAsync`);
  }
});

test("a batch in parts needs the memory of a part", async () => {
  using small = await loadModel(FILE, { batch: 4 });
  using large = await loadModel(FILE, { batch: 400 });
  assert.ok(large.memoryBytes < 2 * small.memoryBytes);
});

test("a profile counts all parts", async () => {
  using model = await loadModel(FILE);
  const [one, all] = [1, BATCH].map((batch) => model.profile({ inputs: { x: X.subarray(0, batch * IMAGE) }, runs: 2, warmup: 1 }));
  assert.deepEqual(
    all?.map(({ node, kernel, macs }) => ({ node, kernel, macs })),
    one?.map(({ node, kernel, macs }) => ({ node, kernel, macs: macs * BATCH })),
  );
});

test("runAsync starts over after another run, and stops between parts", async () => {
  using model = await loadModel(FILE);
  const items = 64; // 113 million multiply-accumulates: one pause
  const x = new Random(3).floats(items * IMAGE);
  const expected = model.run({ x });
  let happened = false;
  setTimeout(() => {
    model.run({ x: itemOf(0) });
    happened = true;
  }, 0);
  assert.deepEqual(await model.runAsync({ x }), expected);
  assert.ok(happened);
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 0);
  await assert.rejects(model.runAsync({ x }, { signal: controller.signal }), (error) => error instanceof RunError && error.code === "aborted");
});

test("networks whose images meet run whole", async () => {
  const big = 2 ** 19;
  const cases: Record<string, (builder: GraphBuilder, x: number) => number> = {
    "softmax along the batch": (builder, x) => builder.add("softmax", { axis: 0, log: false }, x),
    "the batch moves": (builder, x) => builder.add("transpose", { perm: [1, 0, 2] }, builder.add("transpose", { perm: [1, 0, 2] }, x)),
    "only the first of a batch": (builder, x) => builder.add("slice", { starts: [0, 0, 0], sizes: [1, 1, big], steps: [1, 1, 1] }, x),
  };
  for (const [what, make] of Object.entries(cases)) {
    const builder = new GraphBuilder();
    const x = builder.input("x", [1, 1, big]);
    builder.output(make(builder, builder.add("activation", { kind: "relu", alpha: 0, beta: 0 }, x)));
    using model = await loadModel(writeModel(builder.graph));
    assert.equal(model.plan(3).batch, 3, what);
  }
});
