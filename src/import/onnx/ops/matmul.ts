// MatMul with a constant matrix on the right: a dense layer over the last axis.
import type { Context } from "../context.ts";
import { dense, outputsFirst } from "../dense.ts";
import type { OnnxNode } from "../node.ts";

export function matmul(node: OnnxNode, context: Context): number {
  const input = context.value(node, 0);
  const matrix = context.requireConstant(node, 1, "right operand");
  const shape = context.shape(input);
  const [ins, outs] = matrix.shape as [number, number];
  if (matrix.shape.length !== 2) {
    throw node.unsupported(`multiplies with a constant of shape [${matrix.shape}]`, "a matrix with two dimensions is supported");
  }
  if (shape.length < 2 || shape.at(-1) !== ins || outs < 1) throw node.invalid(`multiplies [${shape}] with [${matrix.shape}]`);
  return dense(context, node.name, input, outputsFirst(matrix.data, ins, outs, false, 1), undefined, ins);
}
