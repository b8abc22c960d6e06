import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";
import { resolveReshape } from "../reshape-shape.ts";
import { reshaped } from "../reshaped.ts";

/** Reshape to a constant shape; x.view(x.size(0), -1) counts as one. */
export function reshape(node: OnnxNode, context: Context): number {
  const input = context.value(node, 0);
  const target = Array.from(context.requireConstant(node, 1, "shape").data);
  const shape = resolveReshape(node, context.shape(input), context.draft.rows(input), target, node.int("allowzero", 0) === 0);
  return reshaped(context, node.name, input, shape);
}
