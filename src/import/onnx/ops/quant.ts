import { perChannel } from "../channels.ts";
import { Composer } from "../compose.ts";
import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";
import { readQuant } from "../quant.ts";
import { scaleShift } from "../scale-shift.ts";
import { binarize } from "../threshold.ts";
import { roundValue } from "./round.ts";

/** QONNX's Quant: one signed bit is a sign, two and three bits are sums of signs, more are rounded as reals. */
export function quant(node: OnnxNode, context: Context): number {
  const composer = new Composer(node, context);
  const x = context.value(node, 0);
  const shape = context.shape(x);
  const read = (index: number, what: string) => {
    const tensor = context.requireConstant(node, index, what);
    const numbers = perChannel(tensor, shape);
    if (numbers === undefined) throw node.unsupported(`has a ${what} of shape [${tensor.shape}]`, "one number, or one per channel, is supported");
    return numbers;
  };
  const [scale, zeroPoint] = [read(1, "scale"), read(2, "zero point")];
  const { isSign, low, high, mode } = readQuant(node, context.requireConstant(node, 3, "number of bits"));
  const inverse = scale.map((value) => 1 / value);
  const q = scaleShift(context, node.name, x, inverse, zeroPoint);
  const back = (numbers: number) =>
    scaleShift(
      context,
      node.name,
      scaleShift(
        context,
        node.name,
        numbers,
        [1],
        zeroPoint.map((z) => -z),
      ),
      scale,
      [0],
    );
  // x / scale >= 0 is x >= 0: then the sign reads x itself.
  const isPlain = zeroPoint.every((value) => value === 0) && scale.every((value) => value > 0);
  if (isSign) return back(binarize(context, node.name, { x: isPlain ? x : q, thresholds: [0], isNegated: false }));
  const clipped = composer.activation("clip", q, low, high);
  if (mode === "ROUND" || mode === "HALF_EVEN") return back(roundValue(node, context, clipped));
  if (mode === "FLOOR") return back(composer.floor(clipped));
  if (mode === "CEIL") return back(composer.affine(composer.floor(composer.affine(clipped, -1)), -1));
  return back(composer.truncate(clipped));
}
