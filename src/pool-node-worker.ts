// The script of a pool's worker in a worker thread of Node, Deno or Bun.
import { parentPort } from "node:worker_threads";
import { loadModel } from "./index.ts";
import { openWorker } from "./pool/serve.ts";

// The pool sends items after the answer to the first message, so none is missed.
parentPort?.once("message", async (start) => {
  const take = await openWorker(loadModel, start, (answer, transfer) => parentPort?.postMessage(answer, transfer));
  parentPort?.on("message", take);
});
