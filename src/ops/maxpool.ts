// Max pool of f32, and of bits (channels in the mask take the minimum instead).
import { countElements, countWords } from "../graph/graph.ts";
import type { Op } from "./op.ts";
import { poolParams } from "./pool.ts";
import { countChannels, perChannel } from "./stored.ts";
import { slideWindow } from "./window.ts";

export const maxpool: Op<"maxpool"> = {
  stored: ({ minMask }, inputs) => [perChannel("minimum mask", minMask, countChannels(inputs), "bits")],

  infer({ window, ceilMode, minMask }, inputs) {
    // A minimum mask is for bits.
    return slideWindow(window, inputs, { type: minMask === undefined ? undefined : "bits", ceilMode, needsPixels: true });
  },

  prepare({ window, minMask }, context) {
    const { type, shape } = context.output;
    const isBits = type === "bits";
    const params = poolParams(window, context, countElements(shape.slice(0, isBits ? 1 : 2)));
    // The line of assembly/pools/max-plane.ts.
    const threadBytes = 4 * (params.padLeft + params.inWidth + params.kernelW * params.dilationW + 8);
    return {
      kernel: isBits ? "maxpool_b1" : "maxpool_f32",
      params: { ...params, channelWords: countWords(shape[1] as number), minMaskPtr: { span: minMask }, threadPtr: { scratch: 0 }, threadBytes },
      threadBytes,
    };
  },
};
