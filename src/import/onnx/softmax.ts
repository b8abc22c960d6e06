// Softmax and LogSoftmax. Before opset 13 they work on everything from `axis` on, flattened.
import { toAxis } from "./axes.ts";
import type { Context } from "./context.ts";
import type { OnnxNode } from "./node.ts";
import { resolveReshape } from "./reshape-shape.ts";
import { reshaped } from "./reshaped.ts";

export function addSoftmax(node: OnnxNode, context: Context, log: boolean): number {
  const input = context.value(node, 0);
  const shape = context.shape(input);
  const isFlattening = node.opset < 13;
  const axis = toAxis(node, node.int("axis", isFlattening ? 1 : -1), shape.length);
  const rest = shape.slice(axis + 1).reduce((product, dim) => product * dim, 1);
  if (!isFlattening || rest === 1) return context.draft.add(node.name, "softmax", { axis, log }, [input]);
  const flat = resolveReshape(node, shape, context.draft.rows(input), axis === 0 ? [1, -1] : [-1, rest * (shape[axis] as number)], false);
  const soft = context.draft.add(node.name, "softmax", { axis: 1, log }, [reshaped(context, node.name, input, flat)]);
  return reshaped(context, node.name, soft, shape);
}
