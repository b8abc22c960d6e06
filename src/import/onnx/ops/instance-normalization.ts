import { Composer } from "../compose.ts";
import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";
import { reduceOver } from "../reduce.ts";
import { scaleShift } from "../scale-shift.ts";

/** InstanceNormalization: mean and variance of each channel of each image. */
export function instanceNormalization(node: OnnxNode, context: Context): number {
  const composer = new Composer(node, context);
  const x = context.value(node, 0);
  const shape = context.shape(x);
  if (shape.length < 3) throw node.invalid(`normalizes a value of shape [${shape}]`);
  const [scale, bias] = [context.requireConstant(node, 1, "scale"), context.requireConstant(node, 2, "bias")];
  if (scale.data.length !== shape[1] || bias.data.length !== shape[1]) throw node.invalid(`has ${scale.data.length} scales for ${shape[1]} channels`);
  const axes = [...shape.keys()].slice(2);
  const { mean } = reduceOver(node, context, shape, axes, true);
  const centred = composer.sub(x, mean(x));
  const variance = mean(composer.mul(centred, centred));
  const normal = composer.combine("div", centred, composer.sqrt(composer.affine(variance, 1, node.float("epsilon", 1e-5))));
  return scaleShift(context, node.name, normal, Array.from(scale.data), Array.from(bias.data));
}
