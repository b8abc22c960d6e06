// Matrix products of two values that both depend on the model's inputs: every product, then their sums. Meant for small ones.
import { Composer } from "./compose.ts";
import type { Context } from "./context.ts";
import type { OnnxNode } from "./node.ts";
import { reduceOver } from "./reduce.ts";

/** Products that may be written out at once, for one image. */
const MOST_PRODUCTS = 2 ** 24;

/** Multiply a [..., M, K] with b [..., K, N], as NumPy's matmul does. */
export function product(node: OnnxNode, context: Context, a: number, b: number): number {
  const composer = new Composer(node, context);
  const [left, right] = [context.shape(a), context.shape(b)];
  if (left.length === 0 || right.length === 0) throw node.invalid("multiplies a single number");
  const [rows, ins] = left.length === 1 ? [1, left[0] as number] : (left.slice(-2) as [number, number]);
  const [others, outs] = right.length === 1 ? [right[0] as number, 1] : (right.slice(-2) as [number, number]);
  if (ins !== others) throw node.invalid(`multiplies [${left}] with [${right}]`);
  const spread = [...left.slice(0, -2), rows, ins, 1];
  const products = composer.mul(composer.reshape(a, spread), composer.reshape(b, [...right.slice(0, -2), 1, ins, outs]));
  const shape = context.shape(products);
  if (shape.reduce((count, dim) => count * Math.abs(dim), 1) > MOST_PRODUCTS) {
    throw node.unsupported(
      `multiplies [${left}] with [${right}], both computed from the model's inputs`,
      "only small products of this kind are supported",
    );
  }
  const { mean, count } = reduceOver(node, context, shape, [shape.length - 2], false);
  const sums = composer.affine(mean(products), count);
  const result = [...context.shape(sums)];
  if (right.length === 1) result.pop();
  if (left.length === 1) result.splice(right.length === 1 ? -1 : -2, 1);
  return composer.reshape(sums, result);
}
