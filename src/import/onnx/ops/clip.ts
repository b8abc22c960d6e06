// Clip: bounds are attributes before opset 11, inputs since; [0, ∞) is Relu.
import { activate } from "../activation.ts";
import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";

/** What ONNX means by "no bound": the largest float. */
const UNBOUNDED = (2 - 2 ** -23) * 2 ** 127;

export function clip(node: OnnxNode, context: Context): number {
  const low = context.constant(node, 1, "minimum")?.data[0] ?? node.float("min", -UNBOUNDED);
  const high = context.constant(node, 2, "maximum")?.data[0] ?? node.float("max", UNBOUNDED);
  const min = Math.max(low, -UNBOUNDED);
  const max = Math.min(high, UNBOUNDED);
  if (min === 0 && max === UNBOUNDED) return activate(node, context, "relu");
  return activate(node, context, "clip", Math.min(min, max), max);
}
