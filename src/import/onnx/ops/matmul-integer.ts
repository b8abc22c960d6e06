import { Composer } from "../compose.ts";
import type { Context } from "../context.ts";
import { dense, outputsFirst } from "../dense.ts";
import type { OnnxNode } from "../node.ts";
import { dequantizeFilters, shift } from "../quantization.ts";

/** MatMulInteger with a constant matrix on the right: a product of both less their zero points. */
export function matmulInteger(node: OnnxNode, context: Context): number {
  const x = context.value(node, 0);
  const matrix = context.requireConstant(node, 1, "right operand");
  const zeroPoint = context.constant(node, 2, "zero point");
  const [ins, outs] = matrix.shape as [number, number];
  if (matrix.shape.length !== 2 || context.shape(x).at(-1) !== ins) throw node.invalid(`multiplies [${context.shape(x)}] with [${matrix.shape}]`);
  const real = dequantizeFilters(node, matrix, undefined, context.constant(node, 3, "right operand's zero point"), 1);
  const shifted = zeroPoint ? shift(new Composer(node, context), x, zeroPoint, -1) : x;
  return dense(context, node.name, shifted, outputsFirst(real.data, ins, outs, false, 1), undefined, ins);
}
