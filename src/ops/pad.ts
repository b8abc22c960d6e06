// Constant padding; bits are padded with +1 or -1.
import { type Axis, draftMove, viewOf } from "./move.ts";
import type { Op } from "./op.ts";
import { demand, requireEntries, requireInput } from "./require.ts";

export const pad: Op<"pad"> = {
  infer({ before, after, value }, inputs) {
    const input = requireInput(inputs);
    const { type, shape } = input;
    requireEntries({ before, after }, input);
    const isRight = type === "f32" || Math.abs(value) === 1;
    demand(isRight, "invalid", `pads bits with ${value}; put an unpack node before it`);
    return { type, shape: shape.map((dim, axis) => (before[axis] as number) + dim + (after[axis] as number)) };
  },

  prepare({ before, after, value }, { inputs: [input], output }) {
    const unit = input.type === "bits" && (before[1] || after[1]) ? "b1" : "x32";
    const from = viewOf(input, unit);
    const to = viewOf(output, unit);
    to.axes = to.axes.map(([, stride = 0], axis): Axis => {
      to.start += stride * (before[axis] as number);
      return [from.axes[axis]?.[0] as number, stride];
    });
    return draftMove("pad", unit, output, from, to, value);
  },
};
