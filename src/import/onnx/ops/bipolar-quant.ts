// QONNX BipolarQuant: (x >= 0 ? 1 : -1) * scale.
import { perChannel } from "../channels.ts";
import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";
import { scaleShift } from "../scale-shift.ts";
import { binarize } from "../threshold.ts";

export function bipolarQuant(node: OnnxNode, context: Context): number {
  const x = context.value(node, 0);
  const tensor = context.requireConstant(node, 1, "scale");
  const scale = perChannel(tensor, context.shape(x));
  if (scale === undefined) throw node.unsupported(`has a scale of shape [${tensor.shape}]`, "one number, or one per channel, is supported");
  return scaleShift(context, node.name, binarize(context, node.name, { x, thresholds: [0], isNegated: false }), scale, [0]);
}
