// Helpers in workers of the web: isolated pages, and workers in them.
import type { Helper, Host } from "./pool.ts";
import type { HelperStart } from "./serve.ts";

/** Start helpers from the script at `script`. */
export function webHost(script: URL): Host {
  return {
    cores: navigator.hardwareConcurrency,
    start: (job) => startWorker(new Worker(script, { type: "module" }), job),
  };
}

function startWorker(worker: Worker, job: HelperStart): Helper {
  const ready = new Promise((resolve, reject) => {
    worker.onmessage = resolve;
    worker.onerror = reject;
  });
  try {
    worker.postMessage(job);
  } catch (error) {
    // The page is not isolated: its memory cannot be shared.
    worker.terminate();
    throw error;
  }
  return { ready, end: () => worker.terminate() };
}
