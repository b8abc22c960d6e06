// Cutting a range out of a value, shared by Slice and Split.
import type { Context } from "./context.ts";
import type { OnnxNode } from "./node.ts";
import { resolveRange, type SliceSpec } from "./slicing.ts";

/** Add a slice node, unless everything is kept. */
export function addSlice(node: OnnxNode, context: Context, input: number, specs: readonly SliceSpec[]): number {
  const shape = context.shape(input);
  const starts = shape.map(() => 0);
  const steps = shape.map(() => 1);
  const sizes = [...shape];
  for (const { axis, start, end, step } of specs) {
    const dim = shape[axis] as number;
    if (dim === -1) {
      if (start === 0 && step === 1 && end >= 2 ** 31 - 1) continue;
      throw node.unsupported("cuts the batch", "only whole batches can be processed");
    }
    const range = resolveRange(node, dim, start, end, step);
    if (range.size === 0) throw node.unsupported("keeps nothing", "an empty value cannot be used");
    starts[axis] = range.start;
    steps[axis] = step;
    sizes[axis] = range.size;
  }
  if (sizes.every((size, axis) => size === shape[axis])) return input;
  return context.draft.add(node.name, "slice", { starts, sizes, steps }, [input]);
}
