import type { Context } from "../context.ts";
import { dense, outputsFirst } from "../dense.ts";
import type { OnnxNode } from "../node.ts";

/** FINN's XnorPopcountMatMul of 0 and 1 with a constant matrix of 0 and 1: how many are equal. a w + (1 - a) (1 - w) = a (2 w - 1) + (1 - w). */
export function xnorPopcountMatmul(node: OnnxNode, context: Context): number {
  const input = context.value(node, 0);
  const matrix = context.requireConstant(node, 1, "right operand");
  const shape = context.shape(input);
  const [ins, outs] = matrix.shape as [number, number];
  if (matrix.shape.length !== 2 || shape.length < 2 || shape.at(-1) !== ins) throw node.invalid(`multiplies [${shape}] with [${matrix.shape}]`);
  if (matrix.data.some((value) => value !== 0 && value !== 1)) throw node.invalid("has a matrix of other numbers than 0 and 1");
  const signs = matrix.data.map((value) => 2 * value - 1);
  const zeros = Float32Array.from({ length: outs }, (_, o) =>
    Array.from({ length: ins }, (__, i) => 1 - (matrix.data[i * outs + o] as number)).reduce((a, b) => a + b, 0),
  );
  return dense(context, node.name, input, outputsFirst(signs, ins, outs, false, 1), zeros, ins);
}
