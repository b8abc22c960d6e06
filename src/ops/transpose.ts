// Permutes the axes: axis i of the output is axis perm[i] of the input.
import { type Axis, draftMove, viewOf } from "./move.ts";
import type { Op } from "./op.ts";
import { demand, requireEntries, requireInput, spell } from "./require.ts";

export const transpose: Op<"transpose"> = {
  infer({ perm }, inputs) {
    const input = requireInput(inputs);
    const { type, shape } = input;
    requireEntries({ perm }, input);
    const isRight = shape.every((_, axis) => perm.includes(axis));
    demand(isRight, "invalid", `has perm ${spell(perm)} but its input is ${spell(shape)}; it must name each axis once`);
    return { type, shape: perm.map((axis) => shape[axis] as number) };
  },

  prepare({ perm }, { inputs: [input], output }) {
    const unit = input.type === "bits" && perm[1] !== 1 ? "b1" : "x32";
    const { start, axes } = viewOf(input, unit);
    const from = { start, axes: perm.map((axis) => axes[axis] as Axis) };
    return draftMove("transpose", unit, output, from, viewOf(output, unit));
  },
};
