import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";

export function transpose(node: OnnxNode, context: Context): number {
  const input = context.value(node, 0);
  const axes = [...context.shape(input).keys()];
  const perm = node.ints("perm") ?? axes.reverse();
  if ([...perm].sort((a, b) => a - b).join() !== [...context.shape(input).keys()].join()) {
    throw node.invalid(`has perm [${perm}] for a value of shape [${context.shape(input)}]`);
  }
  if (perm.every((from, to) => from === to)) return input;
  return context.draft.add(node.name, "transpose", { perm }, [input]);
}
