// Workers of a pool in pages, in their workers, and in Deno and Bun.
import type { WorkerHost } from "./pool.ts";

/** Start workers from the script at `script`. */
export function webWorkers(script: URL): WorkerHost {
  return {
    cores: navigator.hardwareConcurrency,
    start(onAnswer, onEnd) {
      const worker = new Worker(script, { type: "module" });
      worker.onmessage = ({ data }) => onAnswer(data);
      worker.onerror = (event) => {
        event.preventDefault();
        worker.terminate();
        onEnd(event.message || "its script did not load or run");
      };
      return { post: (message) => worker.postMessage(message), hold: () => {}, end: () => worker.terminate() };
    },
  };
}
