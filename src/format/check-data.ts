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
    const runWords = countWords(length);
    const unused = length % 32 ? -1 << (length % 32) : 0;
    const isWrong = {
      f32: (word: number) => (word & EXPONENT) === EXPONENT,
      i32: () => false,
      bits: (word: number, i: number) => (i + 1) % runWords === 0 && (word & unused) !== 0,
    }[type];
    const bad = words.findIndex(isWrong);
    if (bad >= 0) throw new LoadError("invalid", `word ${bad} of ${name} is not finite or has bits without a channel; convert the model again`, node);
  }
}
