// Workers of a pool in Node, Deno and Bun.
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { WorkerHost } from "./pool.ts";

/** Start workers from the script at `script`. They keep the process alive only while they have something to do. */
export function nodeWorkers(script: URL): WorkerHost {
  return {
    cores: availableParallelism(),
    start(onAnswer, onEnd) {
      // Without the flags of this process: some, like --input-type, are not for files.
      const worker = new Worker(script, { execArgv: [] });
      let why = "";
      let isTold = false;
      worker.on("message", onAnswer);
      worker.on("error", (error: unknown) => {
        why = String(error);
      });
      worker.on("exit", (code) => {
        if (!isTold) onEnd(why || `exit code ${code}`);
      });
      return {
        post: (message) => worker.postMessage(message),
        hold: (isBusy) => (isBusy ? worker.ref() : worker.unref()),
        end() {
          isTold = true;
          void worker.terminate();
        },
      };
    },
  };
}
