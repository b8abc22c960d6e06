// Looks at the weights themselves, once they are in memory: floats must be finite, so that a model that loads gives
// finite results as far as its arithmetic allows, and bits that belong to no channel must be 0, for kernels count them.
import { LoadError } from "../graph/errors.ts";
import { countWords, type Graph } from "../graph/graph.ts";
import { listConstants } from "./constants.ts";

/** Throw LoadError when a number in `section`, the data section at a multiple of 4, breaks these rules. `countFinite`: see finite.ts. */
export function checkData(graph: Graph, { buffer, byteOffset }: Uint8Array, countFinite: (numbers: Float32Array) => number): void {
  for (const { name, data, type, length, node } of listConstants(graph)) {
    const at = byteOffset + data.offset;
    const count = data.bytes / 4;
    let wrong = count;
    if (type === "f32") wrong = countFinite(new Float32Array(buffer, at, count));
    if (type === "bits" && length % 32) {
      // The last word of each run.
      const words = new Int32Array(buffer, at, count);
      const step = countWords(length);
      for (wrong = step - 1; wrong < count && (words[wrong] as number) >>> (length % 32) === 0; ) wrong += step;
    }
    if (wrong < count) {
      throw new LoadError("invalid", `word ${wrong} of ${name} is not finite or has bits without a channel; convert the model again`, node);
    }
  }
}
