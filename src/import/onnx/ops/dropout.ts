import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";
import type { Operand } from "../operand.ts";
import { countOf } from "../tensor.ts";

/** Dropout does nothing at inference; its mask keeps everything. */
export function dropout(node: OnnxNode, context: Context): Operand[] {
  if (context.constant(node, 2, "training_mode")?.data[0]) throw node.unsupported("is in training mode", "call model.eval() before exporting");
  const operand = context.operand(node, 0);
  if (!node.outputs[1] || operand.kind !== "value") return [operand];
  const shape = context.shape(operand.index);
  if (shape.includes(-1)) return [operand];
  context.spend(node, countOf(shape));
  return [operand, { kind: "constant", tensor: { type: "bool", shape, data: new Float32Array(countOf(shape)).fill(1) } }];
}
