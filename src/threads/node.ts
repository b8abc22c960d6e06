// Helpers in worker threads of Node, Deno and Bun. They do not keep the process alive.
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Host } from "./pool.ts";

/** Start helpers from the script at `script`. */
export function nodeHost(script: URL): Host {
  return {
    cores: availableParallelism(),
    start(job) {
      // Without the flags of this process: some, like --input-type, are not for files.
      const worker = new Worker(script, { workerData: job, execArgv: [] });
      const ready = new Promise<void>((resolve, reject) => {
        worker.once("message", () => {
          worker.unref();
          resolve();
        });
        worker.once("error", reject);
        worker.once("exit", reject);
      });
      worker.on("error", () => {});
      return { ready, end: () => void worker.terminate() };
    },
  };
}
