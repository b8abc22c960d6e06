import { Composer } from "../compose.ts";
import type { Context } from "../context.ts";
import { convolve } from "../convolve.ts";
import type { OnnxNode } from "../node.ts";
import { dequantizeFilters, shift } from "../quantization.ts";

/** ConvInteger: a convolution of x and w less their zero points. */
export function convInteger(node: OnnxNode, context: Context): number {
  const x = context.value(node, 0);
  const zeroPoint = context.constant(node, 2, "zero point");
  const filters = dequantizeFilters(
    node,
    context.requireConstant(node, 1, "weights"),
    undefined,
    context.constant(node, 3, "weights' zero point"),
    0,
  );
  return convolve(node, context, zeroPoint ? shift(new Composer(node, context), x, zeroPoint, -1) : x, filters, undefined);
}
