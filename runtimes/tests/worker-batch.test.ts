// examples/worker-batch, bundled by wrangler, with miniflare's Queues and R2: 2,000 drawings, a host that is killed midway, a consumer that
// fails midway, pictures that are broken, missing, or late. Every drawing has one result, equal to Node's, or one line that says why not.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type BatchWorker, startBatchWorker } from "../support/batch-worker.ts";

const HOSTED = "HYBIT_TEST_BATCH_STORE";
const store = process.env[HOSTED];
if (store === undefined) await test2000();
else {
  // The process that will be killed.
  const { url } = await startBatchWorker(store);
  console.log(url.href);
}

async function test2000() {
  const { bundleBatchWorker, readLines } = await import("../support/batch-worker.ts");
  const { makeCase } = await import("../support/batch-case.ts");
  const folder = mkdtempSync(join(tmpdir(), "hybit-batch-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  bundleBatchWorker();
  const { manifest, objects, late, results, failed } = await makeCase();
  let worker: BatchWorker | undefined;
  after(() => worker?.miniflare.dispose());
  let id = "";

  const progress = async (url: URL) =>
    (await fetch(new URL(`/jobs/${id}`, url))).json() as Promise<{ done: number; parts: number; complete: boolean }>;
  const post = async (url: URL, body: object) => {
    const response = await fetch(new URL("/jobs", url), { method: "POST", body: JSON.stringify(body) });
    return { status: response.status, ...((await response.json()) as { job: string; parts: number; sent: number; code?: string }) };
  };
  const read = async (url: URL, kind: string) => readLines(await (await fetch(new URL(`/jobs/${id}/${kind}`, url))).text());
  async function finish(url: URL) {
    for (const end = Date.now() + 60_000; Date.now() < end; await sleep(50)) if ((await progress(url)).complete) return;
    assert.fail(`not complete after a minute: ${JSON.stringify(await progress(url))}`);
  }

  test("a job whose host is killed midway goes on when it is posted again, and loses none of 2,000 drawings", async () => {
    const first = await startBatchWorker(folder);
    const bucket = await first.openBucket("BUCKET");
    await bucket.put("manifest.ndjson", manifest);
    for (const [key, bytes] of objects) await bucket.put(key, bytes);
    await first.miniflare.dispose();

    const env = { ...process.env, [HOSTED]: folder, NODE_TEST_CONTEXT: "" };
    const host = spawn(process.execPath, [fileURLToPath(import.meta.url)], { env, detached: true, stdio: ["ignore", "pipe", "ignore"] });
    const killAll = () => process.kill(-(host.pid as number), "SIGKILL");
    try {
      const url = new URL(String((await once(host.stdout, "data"))[0]).trim());
      const started = await post(url, { manifest: "manifest.ndjson" });
      assert.deepEqual([started.status, started.parts, started.sent], [202, 40, 40]);
      id = started.job;
      while ((await progress(url)).done < 5) await sleep(5);
      assert.equal((await fetch(new URL(`/jobs/${id}/results`, url))).status, 409);
    } finally {
      killAll();
    }
    await once(host, "exit");

    // The queue was in memory and is gone; what was written is not. A consumer that fails midway comes on top.
    worker = await startBatchWorker(folder, { failingBatches: 2 });
    const { done } = await progress(worker.url);
    assert.ok(done >= 5 && done < 40, `${done} parts were done before`);
    const again = await post(worker.url, { manifest: "manifest.ndjson" });
    assert.deepEqual([again.job, again.parts, again.sent], [id, 40, 40 - done]);
    const store = await worker.openBucket("BUCKET");
    // All but two: one waits for a picture that never comes, one for a picture that comes now, after it was missed.
    for (const end = Date.now() + 4000; Date.now() < end && (await progress(worker.url)).done < 38; ) await sleep(20);
    for (const [key, bytes] of late) await store.put(key, bytes);
    await finish(worker.url);
    assert.deepEqual(await read(worker.url, "results"), results);
    assert.deepEqual(await read(worker.url, "failed"), failed);
    assert.equal(results.length + failed.length, 2000);
  });

  test("posted again, a finished job does nothing; a part that is lost is made again, byte for byte", async () => {
    const { url, openBucket } = worker as BatchWorker;
    assert.equal((await post(url, { manifest: "manifest.ndjson" })).sent, 0);
    const bucket = await openBucket("BUCKET");
    const key = `results/${id}/000007.ndjson`;
    const before = await (await bucket.get(key))?.text();
    await bucket.delete(key);
    assert.equal((await post(url, { manifest: "manifest.ndjson" })).sent, 1);
    await finish(url);
    assert.equal(await (await bucket.get(key))?.text(), before);
  });

  test("what failed can be tried again once its cause is mended", async () => {
    const { url, openBucket } = worker as BatchWorker;
    const bucket = await openBucket("BUCKET");
    await bucket.put("pictures/never.json", objects.get("pictures/0.json") as string);
    const { sent } = await post(url, { manifest: "manifest.ndjson", retryFailed: true });
    assert.ok(sent > 0 && sent < 10, `${sent} sent`);
    await finish(url);
    assert.equal((await read(url, "results")).length, results.length + 1);
    assert.equal((await read(url, "failed")).length, failed.length - 1);
  });

  test("what is wrong is refused with a sentence", async () => {
    const { url } = worker as BatchWorker;
    const ask = async (path: string, init: RequestInit) => {
      const response = await fetch(new URL(path, url), init);
      return [response.status, ((await response.json()) as { code: string }).code];
    };
    assert.deepEqual(await ask("/jobs", { method: "GET" }), [405, "method"]);
    assert.deepEqual(await ask("/jobs", { method: "POST", body: "{" }), [400, "json-broken"]);
    assert.deepEqual(await ask("/jobs", { method: "POST", body: "{}" }), [422, "no-manifest"]);
    assert.deepEqual(await ask("/jobs", { method: "POST", body: '{"manifest":"none"}' }), [404, "no-manifest"]);
    assert.deepEqual(await ask("/jobs/none", {}), [404, "no-job"]);
    assert.deepEqual(await ask("/elsewhere", {}), [404, "not-found"]);
  });

  test("a small job brings its items along", async () => {
    const { url } = worker as BatchWorker;
    const items = manifest
      .split("\n")
      .slice(0, 3)
      .map((line) => JSON.parse(line));
    const started = await post(url, { items });
    id = started.job;
    await finish(url);
    assert.deepEqual(await read(url, "results"), results.slice(0, 3));
  });
}
