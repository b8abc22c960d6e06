// The script of a helper in a worker thread of Node, Deno or Bun.
import { parentPort, workerData } from "node:worker_threads";
import { openHelper } from "./threads/serve.ts";

const serve = await openHelper(workerData);
parentPort?.postMessage("ready");
// A turn of the event loop, for hosts that post messages between turns.
setTimeout(serve, 0);
