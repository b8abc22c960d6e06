import { toAxis } from "../axes.ts";
import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";
import { addSlice } from "../sliced.ts";
import { readSlices } from "../slicing.ts";

/** Slice with constant starts and ends and positive steps. They are inputs since opset 10. */
export function slice(node: OnnxNode, context: Context): number {
  const input = context.value(node, 0);
  const starts = context.integers(node, 1, "starts");
  const ends = context.integers(node, 2, "ends");
  if (starts === undefined || ends === undefined) throw node.invalid("has no starts or no ends");
  const specs = readSlices(node, starts, ends, context.integers(node, 3, "axes"), context.integers(node, 4, "steps"));
  const { length } = context.shape(input);
  return addSlice(
    node,
    context,
    input,
    specs.map((spec) => ({ ...spec, axis: toAxis(node, spec.axis, length) })),
  );
}
