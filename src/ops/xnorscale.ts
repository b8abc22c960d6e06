// XNOR-Net's K: mean magnitude of the inputs under each window.
import type { Op } from "./op.ts";
import { poolParams } from "./pool.ts";
import { slideWindow } from "./window.ts";

export const xnorscale: Op<"xnorscale"> = {
  infer({ window }, inputs) {
    const { type, shape } = slideWindow(window, inputs, { type: "f32" });
    return { type, shape: shape.map((dim, axis) => (axis === 1 ? 1 : dim)) };
  },

  prepare({ window }, context) {
    const [batch, channels, height, width] = context.inputs[0].shape as [number, number, number, number];
    return {
      kernel: "xnorscale_f32",
      params: { ...poolParams(window, context, batch), channels, planePtr: { scratch: 0 } },
      scratchBytes: 4 * height * width,
    };
  },
};
