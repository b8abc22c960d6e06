// The model as users meet it: sources, wrong inputs, batches, abort, dispose, limits.
import assert from "node:assert/strict";
import { test } from "node:test";
import { writeModel } from "../../src/format/write.ts";
import { LoadError, loadModel, PlanError, RunError } from "../../src/index.ts";
import { Random } from "../support/random.ts";
import { GraphBuilder } from "../support/random-graph.ts";
import { square } from "../support/window.ts";

/** y = relu(x) over [N,1,2,2]. */
function makeFile(): Uint8Array {
  const builder = new GraphBuilder();
  const x = builder.input("x", [1, 1, 2, 2]);
  builder.output(builder.add("activation", { kind: "relu", alpha: 0, beta: 0 }, x));
  return writeModel(builder.graph);
}

function streamBytes(bytes: Uint8Array): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
      controller.close();
    },
  });
}

const FILE = makeFile();
const X = Float32Array.of(1, -2, 3, -4);
const Y = [1, 0, 3, 0];

function hasCode(type: typeof RunError | typeof PlanError | typeof LoadError, code: string, text?: RegExp) {
  return (error: unknown): boolean => {
    assert.ok(error instanceof type, `${error}`);
    assert.equal(error.code, code);
    if (text) assert.match(error.message, text);
    return true;
  };
}

test("every kind of source loads the same model", async () => {
  const sources = {
    Uint8Array: FILE,
    ArrayBuffer: FILE.slice().buffer,
    "view at an odd offset": new Uint8Array([0, ...FILE]).subarray(1),
    Blob: new Blob([FILE.slice()]),
    Response: new Response(FILE.slice()),
    ReadableStream: new Blob([FILE.slice()]).stream(),
    "stream of single bytes": streamBytes(FILE),
    "data URL": new URL(`data:application/octet-stream;base64,${Buffer.from(FILE).toString("base64")}`),
  };
  for (const [name, source] of Object.entries(sources)) {
    using model = await loadModel(source);
    assert.deepEqual(Array.from(model.run({ x: X })["activation0.out"] ?? []), Y, name);
  }
});

test("the model says what it wants and gives", async () => {
  using model = await loadModel(FILE);
  assert.deepEqual(model.inputs, [{ name: "x", type: "f32", shape: [-1, 1, 2, 2] }]);
  assert.deepEqual(model.outputs, [{ name: "activation0.out", type: "f32", shape: [-1, 1, 2, 2] }]);
  assert.ok(model.memoryBytes > 0);
});

test("the batch follows from the input, in any order of sizes", async () => {
  using model = await loadModel(FILE, { batch: 2 });
  for (const batch of [1, 7, 2, 300, 7, 1]) {
    const x = Float32Array.from({ length: 4 * batch }, (_, i) => (i % 3) - 1);
    const y = model.run({ x })["activation0.out"];
    assert.deepEqual(
      y,
      x.map((value) => Math.max(value, 0)),
      `batch ${batch}`,
    );
  }
});

test("results stay what they were when the model runs again", async () => {
  using model = await loadModel(FILE);
  const first = model.run({ x: X })["activation0.out"];
  model.run({ x: Float32Array.of(9, 9, 9, 9) });
  assert.deepEqual(Array.from(first ?? []), Y);
});

test("wrong inputs are refused with what was given and what is wanted", async () => {
  using model = await loadModel(FILE);
  assert.throws(() => model.run({}), hasCode(RunError, "input-missing", /"x" \[-1,1,2,2\]/));
  assert.throws(() => model.run({ x: X, y: X }), hasCode(RunError, "input-unknown", /"y"/));
  assert.throws(() => model.run({ x: new Float32Array(5) }), hasCode(RunError, "input-length", /5 numbers .* multiple of 4/));
  assert.throws(() => model.run({ x: new Float32Array(0) }), hasCode(RunError, "input-length"));
  const bytes: unknown = new Uint8Array(4);
  assert.throws(() => model.run({ x: bytes as Float32Array }), hasCode(RunError, "input-type", /Uint8Array.*Float32Array/));
  assert.throws(() => model.run({ x: Float32Array.of(1, Number.NaN, 0, 0) }), hasCode(RunError, "input-not-finite", /index 1/));
  assert.throws(() => model.run({ x: Float32Array.of(1, 0, 0, Number.POSITIVE_INFINITY) }), hasCode(RunError, "input-not-finite"));
});

test("the check for finite inputs can be switched off", async () => {
  using model = await loadModel(FILE, { checkFinite: false });
  assert.doesNotThrow(() => model.run({ x: Float32Array.of(Number.NaN, 0, 0, 0) }));
});

test("a disposed model says so", async () => {
  const model = await loadModel(FILE);
  model.dispose();
  assert.throws(() => model.run({ x: X }), hasCode(RunError, "disposed"));
  await assert.rejects(model.runAsync({ x: X }), hasCode(RunError, "disposed"));
});

test("runAsync gives what run gives, queues, and can be aborted", async () => {
  using model = await loadModel(FILE);
  const results = await Promise.all([model.runAsync({ x: X }), model.runAsync({ x: Float32Array.of(-1, 5, -1, 6) })]);
  assert.deepEqual(
    results.map((result) => Array.from(result["activation0.out"] ?? [])),
    [Y, [0, 5, 0, 6]],
  );
  await assert.rejects(model.runAsync({ x: X }, { signal: AbortSignal.abort() }), hasCode(RunError, "aborted"));
  assert.deepEqual(Array.from((await model.runAsync({ x: X }))["activation0.out"] ?? []), Y, "an aborted run does not block the next");
});

/** Two layers of 118 million multiply-accumulates each: long enough for runAsync to pause after every one. */
function makeSlowFile(): Uint8Array {
  const random = new Random(5);
  const builder = new GraphBuilder();
  let at = builder.input("x", [1, 64, 56, 56]);
  const window = square(3, 1, 1);
  for (let layer = 0; layer < 2; layer++) {
    at = builder.add("binarize", {}, at);
    const weights = { kind: "sign" as const, data: random.words(64 * 9, 64), alpha: random.floats(64, 0.1, 1), bias: random.floats(64) };
    const kinds = { inputKind: "binary" as const, inputScale: 1, inputZeroPoint: 0, padValue: 0 as const };
    at = builder.add("conv2d", { inChannels: 64, outChannels: 64, groups: 1, window, weights, ...kinds }, at);
  }
  builder.output(at);
  return writeModel(builder.graph);
}

test("what happens in a pause of runAsync does not change its result", async () => {
  using model = await loadModel(makeSlowFile());
  const [x, other] = [3, 4].map((seed) => new Random(seed).floats(64 * 56 * 56)) as [Float32Array, Float32Array];
  const expected = model.run({ x });
  const meddling = {
    "another run": () => model.run({ x: other }),
    "a larger batch": () => model.run({ x: new Float32Array(2 * 64 * 56 * 56) }),
    "a profile": () => model.profile({ runs: 1, warmup: 0 }),
    "a plan": () => model.plan(3),
  };
  for (const [what, meddle] of Object.entries(meddling)) {
    let happened = false;
    setTimeout(() => {
      meddle();
      happened = true;
    }, 0);
    const result = await model.runAsync({ x });
    assert.ok(happened, `${what} did not fall into a pause`);
    assert.deepEqual(result, expected, what);
  }
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 0);
  await assert.rejects(model.runAsync({ x }, { signal: controller.signal }), hasCode(RunError, "aborted"));
  setTimeout(() => model.dispose(), 0);
  await assert.rejects(model.runAsync({ x }), hasCode(RunError, "disposed"));
});

test("memory limits hold at load and when a larger batch arrives", async () => {
  await assert.rejects(loadModel(FILE, { maxMemory: 1000 }), (error: unknown) => error instanceof PlanError || error instanceof LoadError);
  using model = await loadModel(FILE, { maxMemory: 200_000 });
  assert.throws(() => model.run({ x: new Float32Array(4 * 100_000) }), hasCode(PlanError, "too-large", /maxMemory/));
  assert.deepEqual(Array.from(model.run({ x: X })["activation0.out"] ?? []), Y, "and the model still runs");
});

test("a batch that fits value by value but not in all leaves the model as it was", async () => {
  using model = await loadModel(FILE, { maxMemory: 200_000 });
  const bytes = model.memoryBytes;
  assert.throws(() => model.run({ x: new Float32Array(4 * 12_450) }), hasCode(PlanError, "too-large", /maxMemory/));
  assert.deepEqual(Array.from(model.run({ x: X })["activation0.out"] ?? []), Y);
  assert.equal(model.memoryBytes, bytes);
});

test("memory does not grow with the number of batch sizes that were seen", async () => {
  using model = await loadModel(FILE, { batch: 200 });
  const sizes: number[] = [];
  for (let batch = 199; batch > 0; batch--) {
    model.run({ x: new Float32Array(4 * batch) });
    sizes.push(model.memoryBytes);
  }
  assert.ok(Math.max(...sizes.slice(100)) <= Math.max(...sizes.slice(0, 100)));
});

test("options that make no sense are refused", async () => {
  for (const batch of [0, -1, 1.5, Number.NaN]) await assert.rejects(loadModel(FILE, { batch }), hasCode(PlanError, "invalid"));
});

test("profile and plan name every step", async () => {
  using model = await loadModel(FILE);
  assert.deepEqual(
    model.profile({ runs: 3, warmup: 1 }).map(({ node, op }) => [node, op]),
    [["activation0", "activation"]],
  );
  assert.deepEqual(JSON.parse(JSON.stringify(model.plan())).steps[0].kernel, "activation_f32");
});

test("a module that is not ours is refused", async () => {
  const module = await WebAssembly.compile(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
  await assert.rejects(loadModel(FILE, { module }), hasCode(LoadError, "no-wasm", /simd\.wasm/));
});

test("the scalar build runs where it is asked for", async () => {
  using model = await loadModel(FILE, { build: "scalar" });
  assert.equal(model.build, "scalar");
});

test("a batch of nothing is refused, at load and in a run", async () => {
  await assert.rejects(loadModel(FILE, { batch: 0 }), /batch is 0; it must be a whole number from 1/);
  const model = await loadModel(FILE);
  assert.throws(() => model.run({ x: new Float32Array(0) }), /has 0 numbers/);
});
