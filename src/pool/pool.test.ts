// Pools of worker threads on the built package: what comes back is what one model gives, whatever happens to workers.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { Random } from "../../tests/support/random.ts";
import { loadModel } from "../index.ts";
import { nodeWorkers } from "./node.ts";
import { type ModelPool, openPool, type PoolOptions, type WorkerHandle, type WorkerHost } from "./pool.ts";

const FILE = new Uint8Array(readFileSync("models/sketch10-hybrid.hybit"));
const BROKEN = FILE.slice(0, 5000);
const host = nodeWorkers(pathToFileURL(resolve("dist/pool-node-worker.js")));

function open(options: PoolOptions = { size: 2 }): Promise<ModelPool> {
  return openPool(host, FILE, options);
}

function images(count: number): { input: Float32Array }[] {
  const random = new Random(3);
  return Array.from({ length: count }, () => ({ input: random.floats(28 * 28, 0, 1) }));
}

async function gather<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

/** A host whose workers can be killed from outside. */
function withHandles(): { host: WorkerHost; kill: (() => void)[] } {
  const kill: (() => void)[] = [];
  return {
    kill,
    host: {
      cores: host.cores,
      start(onAnswer, onEnd) {
        let isDead = false;
        const worker: WorkerHandle = host.start((answer) => !isDead && onAnswer(answer), onEnd);
        kill.push(() => {
          isDead = true;
          worker.end();
          onEnd("killed by the test");
        });
        return worker;
      },
    },
  };
}

test("a pool gives what one model gives, in order", async () => {
  using pool = await open();
  using model = await loadModel(FILE);
  assert.equal(pool.size, 2);
  assert.deepEqual(pool.model.inputs, model.inputs);
  assert.deepEqual(pool.model.metadata.labels, model.metadata.labels);
  const items = images(40);
  const found = await Promise.all(items.map((item) => pool.run(item)));
  assert.deepEqual(
    found,
    items.map((item) => model.run(item)),
  );
  const mapped = await gather(pool.map(items));
  assert.deepEqual(
    mapped,
    items.map((item, index) => ({ index, outputs: model.run(item) })),
  );
});

test("map takes no more items than are on their way", async () => {
  using pool = await open();
  let taken = 0;
  let given = 0;
  async function* source() {
    for (const item of images(50)) {
      taken++;
      assert.ok(taken - given <= 5, `${taken} taken, ${given} given back`);
      yield item;
    }
  }
  for await (const { index } of pool.map(source(), { concurrency: 4 })) {
    assert.equal(index, given);
    given++;
    await new Promise((done) => setTimeout(done, 1));
  }
  assert.equal(given, 50);
});

test("an item's error is its own", async () => {
  using pool = await open();
  const items: Record<string, Float32Array>[] = images(6);
  items[2] = { wrong: new Float32Array(1) };
  items[4] = { input: new Float32Array(784).fill(Number.NaN) };
  const codes = [];
  for await (const { error } of pool.map(items)) codes.push((error as { code?: string } | undefined)?.code);
  assert.deepEqual(codes, [undefined, undefined, "input-unknown", undefined, "input-not-finite", undefined]);
  await assert.rejects(pool.run({ input: (() => {}) as never }), { name: "RunError", code: "input-type" });
});

test("a worker that stops costs the item it was at, and another takes its place", async () => {
  const { host: killable, kill } = withHandles();
  using pool = await openPool(killable, FILE, { size: 2 });
  const results = images(20).map((item) =>
    pool.run(item).then(
      () => "ok",
      ({ code }) => code,
    ),
  );
  kill[0]?.();
  assert.deepEqual((await Promise.all(results)).sort(), [...Array(19).fill("ok"), "worker-lost"]);
  await pool.run(images(1)[0] as { input: Float32Array });
  while (pool.size < 2) await new Promise((done) => setTimeout(done, 5));
  assert.equal(kill.length, 3);
});

test("all workers may stop at once", async () => {
  const { host: killable, kill } = withHandles();
  using pool = await openPool(killable, FILE, { size: 2 });
  const results = images(20).map((item) =>
    pool.run(item).then(
      () => "ok",
      ({ code }) => code,
    ),
  );
  for (const one of [...kill]) one();
  assert.deepEqual((await Promise.all(results)).sort(), [...Array(18).fill("ok"), "worker-lost", "worker-lost"]);
});

test("when no worker can be started again, nothing waits for ever", async () => {
  const { host: killable, kill } = withHandles();
  let starts = 0;
  const once: WorkerHost = {
    cores: 1,
    start(onAnswer, onEnd) {
      starts++;
      if (starts === 1) return killable.start(onAnswer, onEnd);
      queueMicrotask(() => onEnd("there is no memory"));
      return { post: () => {}, hold: () => {}, end: () => {} };
    },
  };
  using pool = await openPool(once, FILE, { size: 1 });
  const results = images(3).map((item) => pool.run(item));
  kill[0]?.();
  for (const result of await Promise.allSettled(results)) assert.equal(result.status === "rejected" && result.reason.code, "worker-lost");
  await assert.rejects(pool.run(images(1)[0] as { input: Float32Array }), { code: "worker-lost", message: /no memory/ });
});

test("signals end runs and maps", async () => {
  using pool = await open({ size: 1 });
  const controller = new AbortController();
  const runs = images(50).map((item) => pool.run(item, { signal: controller.signal }));
  controller.abort();
  for (const result of await Promise.allSettled(runs)) assert.equal(result.status === "rejected" && result.reason.code, "aborted");
  await assert.rejects(pool.run({}, { signal: AbortSignal.abort() }), { code: "aborted" });
  await assert.rejects(gather(pool.map(images(3), { signal: AbortSignal.abort() })), { code: "aborted" });

  let isClosed = false;
  const hanging: AsyncIterable<{ input: Float32Array }> = {
    [Symbol.asyncIterator]: () => ({
      next: () => new Promise(() => {}),
      return: async () => {
        isClosed = true;
        return { done: true, value: undefined };
      },
    }),
  };
  const late = new AbortController();
  setTimeout(() => late.abort(), 20);
  await assert.rejects(gather(pool.map(hanging, { signal: late.signal })), { code: "aborted" });
  assert.ok(isClosed);
});

test("leaving a map early closes its source", async () => {
  using pool = await open();
  let isClosed = false;
  function* source() {
    try {
      for (const item of images(100)) yield item;
    } finally {
      isClosed = true;
    }
  }
  for await (const { index } of pool.map(source())) if (index === 2) break;
  assert.ok(isClosed);
});

test("a disposed pool says so", async () => {
  const pool = await open();
  const running = pool.run(images(1)[0] as { input: Float32Array });
  pool.dispose();
  await assert.rejects(running, { code: "disposed" });
  await assert.rejects(pool.run({}), { name: "RunError", code: "disposed" });
});

test("what is wrong with the file or the options is said once", async () => {
  await assert.rejects(openPool(host, BROKEN, { size: 2 }), { name: "LoadError", code: "truncated" });
  await assert.rejects(open({ size: 0 }), { name: "PlanError", message: /size is 0/ });
  using pool = await open({ size: 1, build: "scalar" });
  assert.equal(pool.model.build, "scalar");
  await assert.rejects(gather(pool.map([], { concurrency: 0 })), { message: /concurrency is 0/ });
  assert.deepEqual(await gather(pool.map([])), []);
});
