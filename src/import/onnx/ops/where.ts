// Where(x >= t, a, b) with constants a and b: a sign, then an affine that maps +1 to a and -1 to b.
import { perChannel, zipChannels } from "../channels.ts";
import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";
import { scaleShift } from "../scale-shift.ts";
import { binarize } from "../threshold.ts";

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
  const bits = binarize(context, node.name, condition);
  const scale = zipChannels(yes, no, (a, b) => (a - b) / 2);
  const middle = zipChannels(yes, no, (a, b) => (a + b) / 2);
  return scaleShift(context, node.name, bits, scale, middle);
}
