// Softmax and log-softmax along one axis.
import { countElements } from "../graph/graph.ts";
import { INPUT_TO_OUTPUT, type Op } from "./op.ts";
import { requireAxis, requireInput } from "./require.ts";

export const softmax: Op<"softmax"> = {
  infer({ axis }, inputs) {
    const input = requireInput(inputs, 0, "f32");
    requireAxis(axis, input);
    return input;
  },

  prepare: ({ axis, log }, { output: { shape } }) => ({
    kernel: "softmax_f32",
    params: {
      ...INPUT_TO_OUTPUT,
      outerElems: countElements(shape.slice(0, axis)),
      axisElems: shape[axis] as number,
      innerElems: countElements(shape.slice(axis + 1)),
      log: Number(log),
    },
    canWriteInPlace: true,
  }),
};
