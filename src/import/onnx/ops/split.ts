import { toAxis } from "../axes.ts";
import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";
import { addSlice } from "../sliced.ts";
import { splitSizes } from "../slicing.ts";

/** Split: one slice per part. Sizes are an input since opset 13. */
export function split(node: OnnxNode, context: Context): number[] {
  const input = context.value(node, 0);
  const shape = context.shape(input);
  const axis = toAxis(node, node.int("axis", 0), shape.length);
  const dim = shape[axis] as number;
  if (dim === -1) throw node.unsupported("cuts the batch", "only whole batches can be processed");
  const sizes = splitSizes(node, dim, context.integers(node, 1, "split"), node.int("num_outputs", node.outputs.length));
  let end = 0;
  return sizes.map((size) => {
    end += size;
    return addSlice(node, context, input, [{ axis, start: end - size, end, step: 1 }]);
  });
}
