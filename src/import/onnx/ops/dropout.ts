import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";
import type { Operand } from "../operand.ts";

/** Dropout does nothing at inference; its mask output is not supported. */
export function dropout(node: OnnxNode, context: Context): Operand {
  if (context.constant(node, 2, "training_mode")?.data[0]) throw node.unsupported("is in training mode", "call model.eval() before exporting");
  return context.operand(node, 0);
}
