// Bits to f32: +1 and -1.
import { planesParams, requireChannels } from "./channels.ts";
import { INPUT_TO_OUTPUT, type Op } from "./op.ts";

export const unpack: Op<"unpack"> = {
  infer: (_, inputs) => ({ type: "f32", shape: requireChannels(inputs, "bits").shape }),

  prepare: (_, context) => ({ kernel: "unpack_b1f32", params: { ...INPUT_TO_OUTPUT, ...planesParams(context) } }),
};
