import { toAxis } from "../axes.ts";
import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";

export function concat(node: OnnxNode, context: Context): number {
  const inputs = node.inputs.map((_, i) => context.value(node, i));
  const [first] = inputs;
  if (first === undefined) throw node.invalid("has no inputs");
  const shape = context.shape(first);
  const axis = toAxis(node, node.int("axis", 1), shape.length);
  if (inputs.some((input) => context.shape(input).length !== shape.length)) throw node.invalid("joins values with different numbers of dimensions");
  if (inputs.length === 1) return first;
  return context.draft.add(node.name, "concat", { axis }, inputs);
}
