// Sums, products and their like of two constants. Integers divide towards zero. The batch size (NaN in an
// int64 tensor) survives what does not change it; anything else computed from it cannot be known.
import type { OnnxNode } from "../node.ts";
import { isFloat, type Tensor, toType } from "../tensor.ts";
import { mapElements } from "./broadcast.ts";
import { type Folder, need } from "./folder.ts";

type Binary = (a: number, b: number) => number;

function binary(float: Binary, integer: Binary, neutral?: number, isSymmetric = true): Folder {
  return (node, inputs) => {
    const [a, b] = [need(node, inputs, 0), need(node, inputs, 1)];
    if (isFloat(a.type)) return mapElements(node, a.type, [a, b], float);
    return mapElements(node, a.type, [a, b], (x, y) => {
      if (!Number.isNaN(x) && !Number.isNaN(y)) return toType(integer(x, y), a.type);
      if (y === neutral) return x;
      if (isSymmetric && x === neutral) return y;
      throw batchUsed(node);
    });
  };
}

function batchUsed(node: OnnxNode) {
  return node.unsupported("computes with the batch size", "keep the batch as the first dimension, untouched, or export with a fixed batch");
}

/** Of one, two or more constants. */
function overAll(apply: Binary): Folder {
  const pair = binary(apply, apply);
  return (node, inputs) => {
    const tensors = inputs.map((_, i) => need(node, inputs, i));
    return tensors.reduce((result, tensor) => pair(node, [result, tensor]) as Tensor, need(node, inputs, 0));
  };
}

const sum: Binary = (a, b) => a + b;
const product: Binary = (a, b) => a * b;

export const ARITHMETIC: Readonly<Record<string, Folder>> = {
  Add: binary(sum, sum, 0),
  Sub: binary(
    (a, b) => a - b,
    (a, b) => a - b,
    0,
    false,
  ),
  Mul: binary(product, product, 1),
  Div: binary(
    (a, b) => a / b,
    (a, b) => Math.trunc(a / b),
    1,
    false,
  ),
  Mod: binary(
    (a, b) => a % b,
    (a, b) => a - b * Math.floor(a / b),
  ),
  Pow: binary(Math.pow, Math.pow, 1, false),
  Max: overAll((a, b) => Math.max(a, b)),
  Min: overAll((a, b) => Math.min(a, b)),
};
