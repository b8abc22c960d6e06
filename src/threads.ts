// The run side on several threads, for isolated pages and their workers; src/threads-node.ts is the same for Node, Deno and Bun.
import type { Source } from "./format/source.ts";
import { loadThreaded, type ThreadedModel, type ThreadOptions } from "./threads/load.ts";
import { webHost } from "./threads/web.ts";

export * from "./core.ts";
export type { ThreadedModel, ThreadOptions } from "./threads/load.ts";

/**
 * Load a .hybit model whose layers run on several threads; its results are those of one thread, to the bit. Dispose of it to
 * end the threads. Where memory cannot be shared or no worker starts, it has one thread: see its `threads`.
 */
export function loadModel(source: Source, options: ThreadOptions = {}): Promise<ThreadedModel> {
  return loadThreaded(source, options, webHost(new URL("./threads-worker.js", import.meta.url)));
}
