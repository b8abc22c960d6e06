// Where(x >= t, a, b) with constants a and b: a sign, then an affine that maps +1 to a and -1 to b. Other choices are t a + (1 - t) b, t 1 or 0.
import { perChannel, zipChannels } from "../channels.ts";
import { Composer } from "../compose.ts";
import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";
import { scaleShift } from "../scale-shift.ts";
import { binarize, binarizeTurned } from "../threshold.ts";

export function where(node: OnnxNode, context: Context): number {
  const operand = context.operand(node, 0);
  if (operand.kind !== "condition") return choose(node, context);
  const { condition } = operand;
  const shape = context.shape(condition.x);
  const choices = [1, 2].map((index) => context.findConstant(node, index));
  const [yes, no] = choices.map((choice) => choice && perChannel(choice, shape));
  if (yes === undefined || no === undefined || shape.length < 2) return choose(node, context);
  const scale = zipChannels(yes, no, (a, b) => (a - b) / 2);
  const middle = zipChannels(yes, no, (a, b) => (a + b) / 2);
  const turned = scale.map((value) => value < 0);
  if (!turned.includes(true) || !turned.includes(false)) {
    return scaleShift(context, node.name, binarize(context, node.name, condition), scale, middle);
  }
  // A sign per channel: the sign's, not a factor after it, so that what reads it still reads a sign.
  return scaleShift(context, node.name, binarizeTurned(context, node.name, condition, turned), scale.map(Math.abs), middle);
}

function choose(node: OnnxNode, context: Context): number {
  const composer = new Composer(node, context);
  const isFirst = composer.truthOf(node, 0);
  const [yes, no] = [context.value(node, 1), context.value(node, 2)];
  return composer.add(composer.mul(isFirst, yes), composer.mul(composer.affine(isFirst, -1, 1), no));
}
