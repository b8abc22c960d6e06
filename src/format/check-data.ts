// Looks at the weights themselves, once they are in memory: floats must be finite, so that a model that loads gives
// finite results as far as its arithmetic allows, and bits that belong to no channel must be 0, for kernels count them.
import { LoadError } from "../graph/errors.ts";
import { countWords, type Graph } from "../graph/graph.ts";
import { listConstants } from "./constants.ts";

const EXPONENT = 0x7f800000;

/** Throw LoadError when a number in `section`, the data section at a multiple of 4, breaks these rules. */
export function checkData(graph: Graph, section: Uint8Array): void {
  for (const { name, data, type, length, node } of listConstants(graph)) {
    const words = new Uint32Array(section.buffer, section.byteOffset + data.offset, data.bytes / 4);
    const isFloat = type === "f32";
    // Of bits, the last word of each run is looked at.
    const step = isFloat ? 1 : countWords(length);
    const mask = isFloat ? EXPONENT : length % 32 && type === "bits" ? -1 << (length % 32) : 0;
    for (let i = step - 1; mask !== 0 && i < words.length; i += step) {
      const found = (words[i] as number) & mask;
      if (isFloat ? found === EXPONENT : found !== 0) {
        throw new LoadError("invalid", `word ${i} of ${name} is not finite or has bits without a channel; convert the model again`, node);
      }
    }
  }
}
