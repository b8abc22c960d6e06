// PReLU per channel and, with shifts, RPReLU.
import { planesParams, requireChannels } from "./channels.ts";
import { INPUT_TO_OUTPUT, type Op } from "./op.ts";
import { countChannels, perChannel } from "./stored.ts";

export const prelu: Op<"prelu"> = {
  stored({ slope, shiftIn, shiftOut }, inputs) {
    const channels = countChannels(inputs);
    return [perChannel("slope", slope, channels), perChannel("shift in", shiftIn, channels), perChannel("shift out", shiftOut, channels)];
  },

  infer: (_, inputs) => requireChannels(inputs, "f32"),

  prepare: ({ slope, shiftIn, shiftOut }, context) => ({
    kernel: "prelu_f32",
    params: {
      ...INPUT_TO_OUTPUT,
      slopePtr: { span: slope },
      shiftInPtr: { span: shiftIn },
      shiftOutPtr: { span: shiftOut },
      ...planesParams(context),
    },
    canWriteInPlace: true,
  }),
};
