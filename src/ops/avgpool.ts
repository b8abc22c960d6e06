// Average pool of f32 planes.
import { countElements } from "../graph/graph.ts";
import type { Op } from "./op.ts";
import { poolParams } from "./pool.ts";
import { slideWindow } from "./window.ts";

export const avgpool: Op<"avgpool"> = {
  infer: ({ window, ceilMode }, inputs) => slideWindow(window, inputs, { type: "f32", ceilMode, needsPixels: true }),

  prepare({ window, countIncludePad }, context) {
    const count = (pad: number) => (countIncludePad ? pad : 0);
    return {
      kernel: "avgpool_f32",
      params: {
        ...poolParams(window, context, countElements(context.output.shape.slice(0, 2))),
        countTop: count(window.padTop),
        countLeft: count(window.padLeft),
        countBottom: count(window.padBottom),
        countRight: count(window.padRight),
      },
    };
  },
};
