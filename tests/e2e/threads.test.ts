// Models on several threads, which must be those on one thread to the bit. Needs dist/threads-node-worker.js.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { writeModel } from "../../src/format/write.ts";
import { loadModel, type Tensors } from "../../src/index.ts";
import { loadThreaded, type ThreadOptions } from "../../src/threads/load.ts";
import { nodeHost } from "../../src/threads/node.ts";
import { Pool } from "../../src/threads/pool.ts";
import { Random } from "../support/random.ts";
import { GraphBuilder, randomGraph } from "../support/random-graph.ts";
import { square } from "../support/window.ts";

const host = nodeHost(pathToFileURL(resolve("dist/threads-node-worker.js")));
const SKETCHES = ["fprec", "wbin", "hybrid", "fbin"].map((name) => `models/sketch10-${name}.hybit`);
const PIXELS = 28 * 28;

function load(file: Uint8Array, options: ThreadOptions) {
  return loadThreaded(file, options, host);
}

function bytesOf(tensors: Tensors): Buffer[] {
  return Object.values(tensors).map(({ buffer }) => Buffer.from(buffer));
}

/** A network whose every step is worth sharing. */
function wideNet(): Uint8Array {
  const random = new Random(5);
  const builder = new GraphBuilder();
  const conv = (x: number, inChannels: number, kind: "float" | "sign", isBinary: boolean) =>
    builder.add(
      "conv2d",
      {
        inChannels,
        outChannels: 64,
        groups: 1,
        window: square(3, 1, 1),
        padValue: 0,
        inputKind: isBinary ? "binary" : "float",
        inputScale: 1,
        inputZeroPoint: 0,
        weights:
          kind === "float"
            ? { kind, data: random.floats(64 * 9 * inChannels) }
            : { kind, data: random.words(64 * 9, inChannels), alpha: random.floats(64) },
      },
      x,
    );
  let x = conv(builder.input("x", [1, 3, 44, 44]), 3, "float", false);
  x = builder.add("maxpool", { window: square(2, 2), ceilMode: false }, x);
  x = conv(x, 64, "sign", false);
  x = conv(builder.add("binarize", {}, x), 64, "sign", true);
  x = builder.add("prelu", { slope: random.floats(64) }, x);
  builder.output(builder.add("elementwise", { kind: "add" }, x, builder.add("activation", { kind: "tanh", alpha: 0, beta: 0 }, x)));
  return writeModel(builder.graph);
}

test("the sketch models give the same bits with 1 to 4 threads", async () => {
  const x = new Random(1).floats(3 * PIXELS, 0, 1);
  for (const path of SKETCHES) {
    const file = readFileSync(path);
    const expected = bytesOf((await loadModel(file)).run({ input: x }));
    for (const threads of [1, 2, 3, 4]) {
      using model = await load(file, { threads });
      assert.equal(model.threads, threads);
      assert.deepEqual(bytesOf(model.run({ input: x })), expected, `${path} on ${threads} threads`);
    }
  }
});

test("random networks, every step shared, give the same bits with 2 to 4 threads, batch after batch", async () => {
  for (let seed = 1; seed <= 60; seed++) {
    const random = new Random(seed);
    const graph = randomGraph(random, random.int(1, 8));
    const item = (graph.values[graph.inputs[0] as number]?.shape ?? []).slice(1).reduce((a, b) => a * b, 1);
    const file = writeModel(graph);
    using single = await loadModel(file, { checkFinite: false });
    using model = await loadThreaded(file, { threads: 2 + (seed % 3), checkFinite: false }, host, 0);
    for (const batch of [1, 40, 3]) {
      const x = random.floats(batch * item);
      assert.deepEqual(bytesOf(model.run({ x })), bytesOf(single.run({ x })), `seed ${seed}, batch ${batch}`);
    }
  }
});

test("two models run in turn, and one goes on when the other has gone", async () => {
  const file = wideNet();
  const x = new Random(2).floats(3 * 44 * 44);
  using single = await loadModel(file);
  const expected = bytesOf(single.run({ x }));
  const first = await load(file, { threads: 2 });
  using second = await load(file, { threads: 3 });
  for (let i = 0; i < 50; i++) {
    assert.deepEqual(bytesOf(first.run({ x })), expected);
    assert.deepEqual(bytesOf(second.run({ x })), expected);
  }
  first.dispose();
  assert.throws(() => first.run({ x }), { code: "disposed" });
  assert.deepEqual(bytesOf(await second.runAsync({ x })), expected);
});

test("helpers that sleep wake up, and profile, plan and dispose are as ever", async () => {
  const x = new Random(3).floats(3 * 44 * 44);
  const file = wideNet();
  using single = await loadModel(file);
  const expected = bytesOf(single.run({ x }));
  using model = await load(file, { threads: 2 });
  for (let i = 0; i < 5; i++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.deepEqual(bytesOf(model.run({ x })), expected);
  }
  assert.equal(model.profile({ runs: 2, warmup: 1 }).length, model.plan().steps.length);
});

test("a helper that has gone between runs is not missed", async () => {
  const helpers: { end(): void }[] = [];
  const start: typeof host.start = (job) => {
    const helper = host.start(job);
    helpers.push(helper);
    return helper;
  };
  const x = new Random(4).floats(3 * 44 * 44);
  const file = wideNet();
  using single = await loadModel(file);
  using model = await loadThreaded(file, { threads: 3 }, { ...host, start });
  helpers[0]?.end();
  await new Promise((resolve) => setTimeout(resolve, 50));
  for (let i = 0; i < 20; i++) assert.deepEqual(bytesOf(model.run({ x })), bytesOf(single.run({ x })));
});

type Call = (...numbers: number[]) => number;

/** A module on shared memory whose pool has its control block at 65536; 131072 on is free. */
async function openPool(lostMs?: number) {
  const module = await WebAssembly.compile(readFileSync("build/wasm/threads.wasm"));
  const memory = new WebAssembly.Memory({ initial: 16, maximum: 16, shared: true });
  const { exports } = await WebAssembly.instantiate(module, { env: { memory } });
  const find = (name: string) => exports[name] as Call;
  const job = { module, memory, control: 65536 };
  return { pool: new Pool(module, { memory, find }, job.control, lostMs), memory, job, find };
}

test("a part that fails in any thread is an error of its run, and the next run is right", async () => {
  const { pool, memory, job } = await openPool();
  await pool.start(host, job, 3);
  assert.equal(pool.threads, 4);
  // Six words of parameters, elements after them: [input, output, elems, kind relu, alpha, beta].
  const words = new Uint32Array(memory.buffer);
  const floats = new Float32Array(memory.buffer);
  const block = 131072;
  const run = pool.share("activation_f32");
  for (let i = 0; i < 50; i++) {
    words.set([3 * 2 ** 30, block + 1024, 4096, 0, 0, 0], block / 4);
    assert.throws(() => run(block), /out of bounds|failed in another thread/);
    floats.fill(-i, (block + 1024) / 4, (block + 1024) / 4 + 4096);
    words.set([block + 1024, block + 1024, 4096, 0, 0, 0], block / 4);
    run(block);
    assert.ok(floats.subarray((block + 1024) / 4, (block + 1024) / 4 + 4096).every((value) => value === 0));
  }
  pool.end();
});

/** A helper that takes one part of every job. */
const MODEST = `
  const { parentPort, workerData: { module, memory, control } } = require("node:worker_threads");
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const words = new Int32Array(memory.buffer, control);
  parentPort.postMessage("ready");
  for (let job = 1; ; job++) {
    while (Atomics.load(words, 1) !== job);
    if (exports.pool_take(control, 1, 1) >= 0) exports.pool_finish(control);
  }
`;

test("threads that reach for parts at the same moment get one each, their own", async () => {
  const { memory, job, find } = await openPool();
  const worker = new Worker(MODEST, { eval: true, workerData: job });
  await new Promise((resolve) => worker.once("message", resolve));
  const [post, take, finish, join] = ["post", "take", "finish", "join"].map((name) => find(`pool_${name}`)) as [Call, Call, Call, Call];
  for (let i = 0; i < 1000; i++) {
    post(job.control, 0, 0, 2);
    assert.equal(take(job.control, 0, 1), 0, `job ${i}`);
    finish(job.control);
    while (join(job.control, 1000) === 0);
  }
  assert.equal(new Int32Array(memory.buffer, job.control)[0], 0);
  await worker.terminate();
});

/** A helper that takes parts and finishes none. */
const STUCK = `
  const { parentPort, workerData: { module, memory, control } } = require("node:worker_threads");
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  parentPort.postMessage("ready");
  for (;;) exports.pool_take(control, 1, 1000);
`;

test("a helper that stops in the middle of a part is an error after a while, never a hang", async () => {
  const { pool, memory, job } = await openPool(200);
  const start: typeof host.start = (job) => {
    const worker = new Worker(STUCK, { eval: true, workerData: job });
    return { ready: new Promise((resolve) => worker.once("message", resolve)), end: () => void worker.terminate() };
  };
  await pool.start({ ...host, start }, job, 2);
  const block = 131072;
  new Uint32Array(memory.buffer).set([block + 1024, block + 1024, 4096, 0, 0, 0], block / 4);
  const run = pool.share("activation_f32");
  assert.throws(() => {
    for (;;) run(block);
  }, /stopped in the middle of a layer/);
  assert.equal(pool.threads, 1);
  assert.throws(() => run(block), { code: "thread-lost" });
});

test("without workers or shared memory a model has one thread", async () => {
  const file = readFileSync(SKETCHES[0] as string);
  const input = new Random(1).floats(PIXELS, 0, 1);
  const expected = bytesOf((await loadModel(file)).run({ input }));
  const refusing = () => {
    throw new Error("no workers here");
  };
  const failing = () => ({ ready: Promise.reject(new Error("cannot start")), end() {} });
  for (const start of [refusing, failing]) {
    using model = await loadThreaded(file, { threads: 4 }, { cores: 4, start });
    assert.equal(model.threads, 1);
    assert.deepEqual(bytesOf(model.run({ input })), expected);
  }
  using model = await loadThreaded(file, { threads: "auto" }, { ...host, cores: 1 });
  assert.equal(model.threads, 1);
});

test("wrong numbers of threads, and files that do not load, leave nothing behind", async () => {
  const file = readFileSync(SKETCHES[0] as string);
  for (const threads of [0, -1, 1.5, Number.NaN, 1000]) await assert.rejects(load(file, { threads }), { name: "PlanError", code: "invalid" });
  await assert.rejects(load(file.subarray(0, 1000), { threads: 2 }), { name: "LoadError", code: "truncated" });
  await assert.rejects(load(file, { threads: 2, maxMemory: 300_000 }), { code: "too-large" });
});

test("the door of the package works, and a model that nobody disposed of lets the process end", () => {
  const program = `
    import { readFileSync } from "node:fs";
    import { loadModel } from "hybit/threads";
    const model = await loadModel(readFileSync("${SKETCHES[3]}"), { threads: 2 });
    model.run({ input: new Float32Array(${PIXELS}) });
    console.log(model.threads);
  `;
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8", timeout: 20_000 });
  assert.equal(stderr, "");
  assert.equal(status, 0);
  assert.equal(stdout, "2\n");
});
