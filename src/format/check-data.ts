// Looks at the weights themselves, once they are in memory: every stored float must be finite, so that a model
// that loads gives finite results from finite inputs as far as its arithmetic allows.
import { LoadError } from "../graph/errors.ts";
import type { Graph } from "../graph/graph.ts";
import { mapConstants } from "./constants.ts";

const EXPONENT = 0x7f800000;

/** Throw LoadError when a float in `data`, the data section at a multiple of 4, is NaN or infinite. */
export function checkData(graph: Graph, data: Uint8Array): void {
  mapConstants(graph, ({ path, type, span, node }) => {
    if (type !== "f32") return;
    const words = new Uint32Array(data.buffer, data.byteOffset + span.offset, span.bytes / 4);
    const bad = words.findIndex((word) => (word & EXPONENT) === EXPONENT);
    if (bad >= 0) throw new LoadError("invalid", `number ${bad} of ${path} is not finite; train or convert the model again`, node);
  });
}
