// BatchNormalization as at inference: an affine per channel, computed in double.
import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";
import { scaleShift } from "../scale-shift.ts";

export function batchNormalization(node: OnnxNode, context: Context): number {
  const input = context.value(node, 0);
  if (node.int("training_mode", 0) !== 0) throw node.unsupported("is in training mode", "call model.eval() before exporting");
  const channels = context.shape(input)[1] ?? 1;
  const [gamma, beta, mean, variance] = ["scale", "bias", "mean", "variance"].map((what, i) => {
    const { data } = context.requireConstant(node, i + 1, what);
    if (data.length !== channels) throw node.invalid(`has ${data.length} values of ${what} for ${channels} channels`);
    return Array.from(data);
  }) as [number[], number[], number[], number[]];
  const epsilon = node.float("epsilon", 1e-5);
  const scale = gamma.map((value, c) => value / Math.sqrt((variance[c] as number) + epsilon));
  const bias = beta.map((value, c) => value - (mean[c] as number) * (scale[c] as number));
  return scaleShift(context, node.name, input, scale, bias);
}
