import { Composer } from "../compose.ts";
import type { Context } from "../context.ts";
import { dense, outputsFirst } from "../dense.ts";
import type { OnnxNode } from "../node.ts";
import { dequantize, dequantizeFilters, quantize, readGrid } from "../quantization.ts";

/** QLinearMatMul with a constant matrix on the right: dequantized, multiplied as reals, quantized again. */
export function qlinearMatmul(node: OnnxNode, context: Context): number {
  const composer = new Composer(node, context);
  const x = context.value(node, 0);
  const matrix = context.requireConstant(node, 3, "right operand");
  const [ins, outs] = matrix.shape as [number, number];
  if (matrix.shape.length !== 2 || context.shape(x).at(-1) !== ins) throw node.invalid(`multiplies [${context.shape(x)}] with [${matrix.shape}]`);
  const real = dequantizeFilters(node, matrix, context.requireConstant(node, 4, "right operand's scale"), context.constant(node, 5, "zero point"), 1);
  const input = dequantize(composer, x, readGrid(node, context, 1, context.shape(x), -1));
  const sums = dense(context, node.name, input, outputsFirst(real.data, ins, outs, false, 1), undefined, ins);
  return quantize(node, composer, sums, readGrid(node, context, 6, context.shape(sums), -1));
}
