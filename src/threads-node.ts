// The run side on several threads, for Node, Deno and Bun; src/threads.ts is the same for pages.
import type { Source } from "./format/source.ts";
import { loadThreaded, type ThreadedModel, type ThreadOptions } from "./threads/load.ts";
import { nodeHost } from "./threads/node.ts";

export * from "./core.ts";
export type { ThreadedModel, ThreadOptions } from "./threads/load.ts";

/** Load a .hybit model whose layers run on several threads: see src/threads.ts. */
export function loadModel(source: Source, options: ThreadOptions = {}): Promise<ThreadedModel> {
  return loadThreaded(source, options, nodeHost(new URL("./threads-node-worker.js", import.meta.url)));
}
