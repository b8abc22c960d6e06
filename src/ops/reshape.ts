// Gives the elements, in row-major order of the logical shape, another shape. Nothing moves, except bits whose
// packing differs.
import { countElements } from "../graph/graph.ts";
import { collapse, draftCopy, listAxes, viewOf } from "./move.ts";
import type { Op } from "./op.ts";
import { demand, requireInput, spell } from "./require.ts";

export const reshape: Op<"reshape"> = {
  infer({ shape: wanted }, inputs) {
    const { type, shape: given } = requireInput(inputs, 0, "f32, bits or i8");
    const elems = countElements(given);
    const known = wanted.reduce((product, dim) => (dim === -1 ? product : product * dim), 1);
    const shape = wanted.map((dim) => (dim === -1 ? elems / known : dim));
    const fits = countElements(shape) === elems && shape.every(Number.isInteger);
    demand(fits, "shape", `makes ${spell(wanted)} of ${spell(given)}; both must have ${elems} elements`);
    return { type, shape };
  },

  prepare(_, { inputs: [input], output }) {
    const from = viewOf(input, "b1");
    const to = viewOf(output, "b1");
    const [source, target] = [from, to].map(({ axes }) => spell(listAxes(collapse(axes))));
    if (input.type !== "bits" || source === target) return { kernel: "alias", params: {} };
    return draftCopy("reshape", "b1", output, from, to);
  },
};
