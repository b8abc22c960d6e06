import { Composer } from "../compose.ts";
import type { Context } from "../context.ts";
import { convolve } from "../convolve.ts";
import type { OnnxNode } from "../node.ts";
import { dequantize, dequantizeFilters, quantize, readGrid } from "../quantization.ts";

/** QLinearConv: dequantized, convolved as reals, quantized again. */
export function qlinearConv(node: OnnxNode, context: Context): number {
  const composer = new Composer(node, context);
  const x = context.value(node, 0);
  const input = readGrid(node, context, 1, context.shape(x), 1);
  const scale = context.requireConstant(node, 4, "weights' scale");
  const filters = dequantizeFilters(node, context.requireConstant(node, 3, "weights"), scale, context.constant(node, 5, "weights' zero point"), 0);
  const bias = context.constant(node, 8, "bias");
  const unit = (o: number) => (input.scale.data[0] as number) * (scale.data[scale.data.length === 1 ? 0 : o] as number);
  const real = bias && { ...bias, data: Float64Array.from(bias.data, (value, o) => value * unit(o)) };
  const sums = convolve(node, context, dequantize(composer, x, input), filters, real);
  return quantize(node, composer, sums, readGrid(node, context, 6, context.shape(sums), 1));
}
