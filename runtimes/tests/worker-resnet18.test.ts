// examples/worker-resnet18 in plain workerd: Node's scores to the bit, within the 128 MB that an isolate may have; prints ms.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { loadModel, topK } from "hybit";
import { preprocess } from "hybit/image";
import { startWorkerd } from "../support/isolate.ts";
import { makeRandom } from "../support/random.ts";
import { bundleExample } from "../support/worker.ts";

const MIB = 2 ** 20;
const RUNS = 20;

test("ResNet-18 with one-bit weights and inputs runs within 128 MB", async (t) => {
  let file = "";
  const { folder, size } = bundleExample("worker-resnet18", (folder) => {
    file = join(folder, "resnet18.hybit");
    execFileSync(process.execPath, ["dist/cli.js", "zoo", "resnet18", "--variant", "fbin", "-o", file], { stdio: "ignore" });
  });
  const random = makeRandom(7);
  const data = Uint8Array.from({ length: 224 * 224 * 3 }, () => 256 * random());
  using model = await loadModel(readFileSync(file));
  const { scores = new Float32Array() } = model.run({ image: preprocess({ width: 224, height: 224, data }, model) as Float32Array });

  const request = { method: "POST", body: data };
  await using workerd = await startWorkerd(folder, request);
  const answer = (await (await fetch(workerd.url, request)).json()) as { memoryBytes: number; top: unknown };
  assert.deepEqual(answer.top, topK(scores, 5));

  const [started, cpuBefore] = [performance.now(), workerd.cpuMs()];
  for (let run = 0; run < RUNS; run++) await (await fetch(workerd.url, request)).arrayBuffer();
  const [ms, cpuMs] = [(performance.now() - started) / RUNS, (workerd.cpuMs() - cpuBefore) / RUNS];
  const rssBytes = workerd.rssBytes();
  const { heap, buffers } = await workerd.isolateBytes();
  t.diagnostic(`${ms.toFixed(1)} ms a request from outside, ${cpuMs.toFixed(1)} ms of processor time; ${size}`);
  const mib = (bytes: number) => `${(bytes / MIB).toFixed(1)} MiB`;
  const isolateBytes = heap + buffers + answer.memoryBytes;
  t.diagnostic(`isolate ${mib(isolateBytes)}: heap ${mib(heap)}, buffers ${mib(buffers)}, model.memoryBytes ${mib(answer.memoryBytes)}`);
  t.diagnostic(`the whole workerd process ${mib(rssBytes)}, first answer after ${workerd.startMs.toFixed(0)} ms`);
  assert.ok(isolateBytes < 96 * MIB, "three quarters of what is allowed");

  const wrong = await fetch(workerd.url, { method: "POST", body: "short" });
  assert.deepEqual([wrong.status, ((await wrong.json()) as { code: string }).code], [400, "not-the-pixels"]);
});
