import { Composer } from "../compose.ts";
import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";
import { quantize, readGrid } from "../quantization.ts";

/** QuantizeLinear: a whole number within the bounds of int8 or uint8, as a real value. */
export function quantizeLinear(node: OnnxNode, context: Context): number {
  const x = context.value(node, 0);
  return quantize(node, new Composer(node, context), x, readGrid(node, context, 1, context.shape(x), node.int("axis", 1)));
}
