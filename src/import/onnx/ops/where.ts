// Where(x >= t, a, b) with constants a and b: a sign, then an affine that maps +1 to a and -1 to b.
import { perChannel, zipChannels } from "../channels.ts";
import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";
import { scaleShift } from "../scale-shift.ts";
import { binarize, binarizeTurned } from "../threshold.ts";

export function where(node: OnnxNode, context: Context): number {
  const operand = context.operand(node, 0);
  if (operand.kind !== "condition")
    throw node.unsupported("chooses by something that is no comparison with a constant", "only the sign function may be written with Where");
  const { condition } = operand;
  const shape = context.shape(condition.x);
  const [yes, no] = [1, 2].map((index) => perChannel(context.requireConstant(node, index, "choices"), shape)) as [number[], number[]];
  if (yes === undefined || no === undefined) {
    throw node.unsupported(
      "chooses between constants that vary within a channel",
      "only the sign function, with one pair of values per channel, may be written with Where",
    );
  }
  const scale = zipChannels(yes, no, (a, b) => (a - b) / 2);
  const middle = zipChannels(yes, no, (a, b) => (a + b) / 2);
  const turned = scale.map((value) => value < 0);
  if (!turned.includes(true) || !turned.includes(false)) {
    return scaleShift(context, node.name, binarize(context, node.name, condition), scale, middle);
  }
  // A sign per channel: the sign's, not a factor after it, so that what reads it still reads a sign.
  return scaleShift(context, node.name, binarizeTurned(context, node.name, condition, turned), scale.map(Math.abs), middle);
}
