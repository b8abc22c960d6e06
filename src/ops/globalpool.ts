// Mean or maximum of each channel plane.
import { countElements } from "../graph/graph.ts";
import { INPUT_TO_OUTPUT, type Op } from "./op.ts";
import { requireInput, requireLayout } from "./require.ts";

export const globalpool: Op<"globalpool"> = {
  infer(_, inputs) {
    const input = requireInput(inputs, 0, "f32");
    requireLayout(input, "[N,C,H,...]");
    return { type: "f32", shape: input.shape.map((dim, axis) => (axis < 2 ? dim : 1)) };
  },

  prepare: ({ kind }, { inputs: [{ shape }] }) => ({
    kernel: `globalpool_f32_${kind}`,
    params: { ...INPUT_TO_OUTPUT, planes: countElements(shape.slice(0, 2)), pixels: countElements(shape.slice(2)) },
  }),
};
