// examples/worker-batch in miniflare: what it stores lies on disk, its queues in memory.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PACKED } from "./paths.ts";
import { bundleExample, listModules, startWorker } from "./worker.ts";

const BUNDLE = join(PACKED, "examples/worker-batch/bundle");

export const bundleBatchWorker = () => bundleExample("worker-batch");

export type BatchWorker = Awaited<ReturnType<typeof startBatchWorker>>;

/** `failingBatches`: of so many batches the consumer does a half, then throws. */
export function startBatchWorker(store: string, { failingBatches = 0 } = {}) {
  const modules = listModules(BUNDLE);
  const failing = `import worker from "./worker.js";
    let failing = ${failingBatches};
    export default {
      ...worker,
      async queue({ queue, messages }, env, context) {
        if (failing-- <= 0) return worker.queue({ queue, messages }, env, context);
        await worker.queue({ queue, messages: messages.slice(0, messages.length / 2) }, env, context);
        throw new Error("failed midway");
      },
    };`;
  const [main, ...rest] = modules;
  return startWorker(BUNDLE, undefined, {
    modules: [
      { type: "ESModule", path: "index.js", contents: failing },
      { type: "ESModule", path: "worker.js", contents: main?.contents ?? readFileSync(join(BUNDLE, "index.js")) },
      ...rest,
    ],
    resourcePersistencePath: store,
    r2Buckets: ["BUCKET"],
    bindings: { DEAD_LETTERS: "dead", RETRY_SECONDS: "1" },
    queueProducers: { PARTS: "parts" },
    queueConsumers: {
      parts: { maxBatchSize: 4, maxBatchTimeout: 0, maxRetries: 3, deadLetterQueue: "dead" },
      dead: { maxBatchSize: 4, maxBatchTimeout: 0, maxRetries: 5 },
    },
  });
}

/** Parse ndjson. */
export function readLines(text: string): unknown[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}
