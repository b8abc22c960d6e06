import { toAxis } from "../axes.ts";
import type { Context } from "../context.ts";
import { linearAlong, picking } from "../linear.ts";
import type { OnnxNode } from "../node.ts";
import { addSlice } from "../sliced.ts";
import { readSlices, resolveRange } from "../slicing.ts";

/** Slice with constant starts and ends; backwards it is a map that picks. They are inputs since opset 10. */
export function slice(node: OnnxNode, context: Context): number {
  const input = context.value(node, 0);
  const starts = context.integers(node, 1, "starts");
  const ends = context.integers(node, 2, "ends");
  if (starts === undefined || ends === undefined) throw node.invalid("has no starts or no ends");
  const specs = readSlices(node, starts, ends, context.integers(node, 3, "axes"), context.integers(node, 4, "steps"));
  const { length } = context.shape(input);
  const placed = specs.map((spec) => ({ ...spec, axis: toAxis(node, spec.axis, length) }));
  const forward = placed.filter(({ step }) => step > 0);
  return placed.reduce(
    (x, { axis, start, end, step }) => {
      if (step > 0) return x;
      const dim = context.shape(x)[axis] as number;
      const range = resolveRange(node, dim, start, end, step);
      const places = Array.from({ length: range.size }, (_, i) => range.start + i * step);
      if (places.length === 0) throw node.unsupported("keeps nothing", "an empty value cannot be used");
      return linearAlong(node, context, x, axis, picking(places, dim));
    },
    addSlice(node, context, input, forward),
  );
}
