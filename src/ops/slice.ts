// A strided part of a value.
import { type Axis, draftMove, viewOf } from "./move.ts";
import type { Op } from "./op.ts";
import { demand, requireEntries, requireInput, spell } from "./require.ts";

export const slice: Op<"slice"> = {
  infer({ starts, sizes, steps }, inputs) {
    const input = requireInput(inputs);
    const { type, shape } = input;
    requireEntries({ starts, sizes, steps }, input);
    const output = shape.map((dim, axis) => {
      const [start, size, step] = [starts[axis] as number, sizes[axis] as number, steps[axis] as number];
      const count = size === -1 && step > 0 ? Math.ceil((dim - start) / step) : size;
      demand(
        step > 0 && count > 0 && start >= 0 && start + (count - 1) * step < dim,
        "shape",
        `takes ${size} from ${start} in steps of ${step} along axis ${axis} but its input is ${spell(shape)}; they must exist`,
      );
      return count;
    });
    return { type, shape: output };
  },

  prepare({ starts, steps }, { inputs: [input], output }) {
    const isBits = input.type === "bits";
    const channels = input.shape[1] as number;
    const [start, end] = [starts[1] as number, (starts[1] as number) + (output.shape[1] as number)];
    const cutsWords = isBits && !(steps[1] === 1 && start % 32 === 0 && (end % 32 === 0 || end === channels));
    const unit = cutsWords ? "b1" : "x32";
    const to = viewOf(output, unit);
    const from = viewOf(input, unit);
    from.axes = from.axes.map(([, stride = 0], axis): Axis => {
      const first = starts[axis] as number;
      from.start += stride * (isBits && axis === 1 && !cutsWords ? first / 32 : first);
      return [to.axes[axis]?.[0] as number, stride * (steps[axis] as number)];
    });
    return draftMove("slice", unit, output, from, to);
  },
};
