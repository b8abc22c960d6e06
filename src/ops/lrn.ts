// Local response normalisation across channels.
import { planesParams, requireChannels } from "./channels.ts";
import { INPUT_TO_OUTPUT, type Op } from "./op.ts";
import { demand } from "./require.ts";

export const lrn: Op<"lrn"> = {
  infer({ size }, inputs) {
    demand(size > 0, "invalid", "has size 0; it must be at least 1");
    return requireChannels(inputs, "f32");
  },

  prepare: ({ size, alpha, beta, bias }, context) => ({
    kernel: "lrn_f32",
    params: {
      ...INPUT_TO_OUTPUT,
      ...planesParams(context),
      channelsAtOnce: size,
      share: { f32: alpha / size },
      beta: { f32: beta },
      bias: { f32: bias },
    },
  }),
};
