import { Composer } from "../compose.ts";
import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";
import { dequantize, readGrid } from "../quantization.ts";

/** DequantizeLinear: scale (x - zeroPoint). */
export function dequantizeLinear(node: OnnxNode, context: Context): number {
  const x = context.value(node, 0);
  return dequantize(new Composer(node, context), x, readGrid(node, context, 1, context.shape(x), node.int("axis", 1)));
}
