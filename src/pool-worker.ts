// The script of a pool's worker in a web worker.
import { loadModel } from "./index.ts";
import { openWorker } from "./pool/serve.ts";

// The pool sends items after the answer to the first message, so none is missed.
addEventListener(
  "message",
  async ({ data }) => {
    const take = await openWorker(loadModel, data, (answer, transfer) => postMessage(answer, { transfer }));
    addEventListener("message", (event) => take(event.data));
  },
  { once: true },
);
