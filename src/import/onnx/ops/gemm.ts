// Gemm: alpha A B + beta C with constant B and C; B may lie transposed, A may not.
import { perChannel } from "../channels.ts";
import type { Context } from "../context.ts";
import { dense, outputsFirst } from "../dense.ts";
import type { OnnxNode } from "../node.ts";

export function gemm(node: OnnxNode, context: Context): number {
  const input = context.value(node, 0);
  const matrix = context.requireConstant(node, 1, "weights (B)");
  const addend = context.constant(node, 2, "bias (C)");
  if (node.int("transA", 0) !== 0) throw node.unsupported("transposes its input (transA=1)", "transpose the weights instead");
  const isTransposed = node.int("transB", 0) !== 0;
  const shape = context.shapeOfRank(node, input, 2);
  const [rows, columns] = matrix.shape as [number, number];
  const [ins, outs] = isTransposed ? [columns, rows] : [rows, columns];
  if (matrix.shape.length !== 2 || ins !== shape[1] || outs < 1) throw node.invalid(`multiplies [${shape}] with weights [${matrix.shape}]`);
  const beta = node.float("beta", 1);
  const bias = addend && perChannel(addend, [1, outs])?.map((value) => value * beta);
  if (addend !== undefined && bias === undefined)
    throw node.unsupported(`adds a bias of shape [${addend.shape}]`, `one number per output ([${outs}]) is supported`);
  return dense(
    context,
    node.name,
    input,
    outputsFirst(matrix.data, ins, outs, isTransposed, node.float("alpha", 1)),
    bias && context.spread(node.name, bias, outs),
    ins,
  );
}
