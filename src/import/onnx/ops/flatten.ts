import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";
import { resolveReshape } from "../reshape-shape.ts";
import { reshaped } from "../reshaped.ts";

/** Flatten to two dimensions: those before `axis`, and the rest. */
export function flatten(node: OnnxNode, context: Context): number {
  const input = context.value(node, 0);
  const shape = context.shape(input);
  const given = node.int("axis", 1);
  const axis = given < 0 ? given + shape.length : given;
  if (axis < 0 || axis > shape.length) throw node.invalid(`has axis ${given} for ${shape.length} dimensions`);
  const after = shape.slice(axis).reduce((product, dim) => product * dim, 1);
  const target = axis === 0 ? [1, -1] : [-1, after];
  return reshaped(context, node.name, input, resolveReshape(node, shape, context.draft.rows(input), target, false));
}
