// The contract of folding one operator: constants in, constants out, in double.
import { LoadError } from "../../../graph/errors.ts";
import type { OnnxNode } from "../node.ts";
import { countOf, type DataType, type Tensor } from "../tensor.ts";
import { MAX_RANK } from "../wire/tensor.ts";

/** Compute a node whose inputs are all constants; a left-out input is undefined. */
export type Folder = (node: OnnxNode, inputs: readonly (Tensor | undefined)[]) => Tensor | Tensor[];

/** Elements a folded constant may have; the largest layers of real nets have a tenth of it. */
const MAX_ELEMENTS = 2 ** 26;

/** Return input `index`; throws when it is left out. */
export function need(node: OnnxNode, inputs: readonly (Tensor | undefined)[], index: number): Tensor {
  const tensor = inputs[index];
  if (tensor === undefined) throw node.invalid(`needs an input ${index} that is not there`);
  return tensor;
}

/** Make a tensor of zeros, if it has a sensible size. */
export function allocate(node: OnnxNode, type: DataType, shape: readonly number[]): Tensor {
  if (shape.length > MAX_RANK) throw node.invalid(`would make a constant of ${shape.length} dimensions`);
  const count = countOf(shape);
  if (!shape.every((dim) => Number.isInteger(dim) && dim >= 0)) throw node.invalid(`would make a constant of shape [${shape}]`);
  if (count > MAX_ELEMENTS) throw new LoadError("too-large", `a constant of shape [${shape}] is too large to be computed at import`, node.name);
  return { type, shape, data: new Float64Array(count) };
}

/** Return the same numbers under another shape. */
export function withShape(node: OnnxNode, tensor: Tensor, shape: readonly number[]): Tensor {
  if (countOf(shape) !== tensor.data.length) throw node.invalid(`turns a constant of shape [${tensor.shape}] into [${shape}]`);
  return { ...tensor, shape };
}
