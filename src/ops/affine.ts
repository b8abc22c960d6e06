// Scale and shift per channel: y = scale[c] x + bias[c].
import { planesParams, requireChannels } from "./channels.ts";
import { INPUT_TO_OUTPUT, type Op } from "./op.ts";
import { countChannels, perChannel } from "./stored.ts";

export const affine: Op<"affine"> = {
  stored({ scale, bias }, inputs) {
    const channels = countChannels(inputs);
    return [perChannel("scale", scale, channels), perChannel("bias", bias, channels)];
  },

  infer: (_, inputs) => requireChannels(inputs, "f32"),

  prepare: ({ scale, bias }, context) => ({
    kernel: "affine_f32",
    params: { ...INPUT_TO_OUTPUT, scalePtr: { span: scale }, biasPtr: { span: bias }, ...planesParams(context) },
    canWriteInPlace: true,
  }),
};
