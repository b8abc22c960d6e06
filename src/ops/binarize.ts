// f32 to bits: bit = (x < threshold[c]) != flip[c].
import { planesParams, requireChannels } from "./channels.ts";
import { INPUT_TO_OUTPUT, type Op } from "./op.ts";
import { countChannels, storedThresholds } from "./stored.ts";

export const binarize: Op<"binarize"> = {
  stored: ({ thresholds }, inputs) => storedThresholds(thresholds, countChannels(inputs)),

  infer: (_, inputs) => ({ type: "bits", shape: requireChannels(inputs, "f32").shape }),

  prepare: ({ thresholds }, context) => ({
    kernel: "binarize_f32b1",
    params: {
      ...INPUT_TO_OUTPUT,
      thresholdsPtr: { span: thresholds?.values },
      flipsPtr: { span: thresholds?.flips },
      ...planesParams(context),
    },
  }),
};
