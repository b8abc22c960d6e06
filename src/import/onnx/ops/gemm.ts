// Gemm: alpha A B + beta C, A and B transposed on request. With constant B a dense layer; C is its bias where it is one number per output.
import { perChannel } from "../channels.ts";
import { Composer } from "../compose.ts";
import type { Context } from "../context.ts";
import { dense, outputsFirst } from "../dense.ts";
import type { OnnxNode } from "../node.ts";
import { product } from "../product.ts";

export function gemm(node: OnnxNode, context: Context): number {
  const composer = new Composer(node, context);
  const isTransposed = node.int("transB", 0) !== 0;
  const [alpha, beta] = [node.float("alpha", 1), node.float("beta", 1)];
  const given = context.value(node, 0);
  context.shapeOfRank(node, given, 2);
  const input = node.int("transA", 0) === 0 ? given : turn(node, composer, given);
  const matrix = context.findConstant(node, 1);
  const addend = context.findConstant(node, 2);
  if (matrix === undefined) {
    const right = context.value(node, 1);
    const products = composer.affine(product(node, context, input, isTransposed ? turn(node, composer, right) : right), alpha);
    return node.hasInput(2) ? composer.add(products, composer.affine(context.value(node, 2), beta)) : products;
  }
  const shape = context.shape(input);
  const [rows, columns] = matrix.shape as [number, number];
  const [ins, outs] = isTransposed ? [columns, rows] : [rows, columns];
  if (matrix.shape.length !== 2 || ins !== shape[1] || outs < 1) throw node.invalid(`multiplies [${shape}] with weights [${matrix.shape}]`);
  const bias = addend && perChannel(addend, [1, outs])?.map((value) => value * beta);
  const weights = outputsFirst(matrix.data, ins, outs, isTransposed, alpha);
  const sums = dense(context, node.name, input, weights, bias && context.spread(node.name, bias, outs), ins);
  return bias !== undefined || !node.hasInput(2) ? sums : composer.add(sums, composer.affine(context.value(node, 2), beta));
}

function turn(node: OnnxNode, composer: Composer, x: number): number {
  if (composer.context.shapeOfRank(node, x, 2)[0] === -1)
    throw node.unsupported("transposes the batch", "keep the batch as the first dimension, untouched");
  return composer.transpose(x, [1, 0]);
}
