// MatMul: with a constant matrix on the right a dense layer over the last axis, else a product of two values.
import type { Context } from "../context.ts";
import { dense, outputsFirst } from "../dense.ts";
import type { OnnxNode } from "../node.ts";
import { product } from "../product.ts";

export function matmul(node: OnnxNode, context: Context): number {
  const input = context.value(node, 0);
  const matrix = context.findConstant(node, 1);
  const shape = context.shape(input);
  if (matrix?.shape.length !== 2 || shape.length < 2) return product(node, context, input, context.value(node, 1));
  const [ins, outs] = matrix.shape as [number, number];
  if (shape.at(-1) !== ins || outs < 1) throw node.invalid(`multiplies [${shape}] with [${matrix.shape}]`);
  return dense(context, node.name, input, outputsFirst(matrix.data, ins, outs, false, 1), undefined, ins);
}
