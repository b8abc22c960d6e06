// The shape a Reshape asks for, with ONNX's 0 (copy) and -1 (infer). NaN is the batch size, see tensor.ts.
import type { OnnxNode } from "./node.ts";

/**
 * Resolve a Reshape's target for an input of shape `from`, whose first dimension may be -1 (dynamic, `rows` times
 * the batch). The result may have -1 in dimension 0.
 */
export function resolveReshape(node: OnnxNode, from: readonly number[], rows: number, target: readonly number[], copiesZero: boolean): number[] {
  const isDynamic = from[0] === -1;
  const input = isDynamic ? [rows, ...from.slice(1)] : from;
  const count = input.reduce((product, dim) => product * dim, 1);
  // In units of the batch from here on: a batch-sized dimension counts 1.
  let batches = 0;
  const wanted = target.map((dim, axis) => {
    const isBatch = Number.isNaN(dim) || (dim === 0 && copiesZero && from[axis] === -1);
    if (isBatch) batches++;
    if (Number.isNaN(dim)) return 1;
    if (dim !== 0 || !copiesZero) return dim;
    if (axis >= from.length) throw node.invalid(`copies dimension ${axis} of a value with ${from.length} dimensions`);
    return input[axis] as number;
  });
  const open = wanted.indexOf(-1);
  const known = wanted.reduce((product, dim) => product * (dim === -1 ? 1 : dim), 1);
  const shape = wanted.map((dim, axis) => (axis === open ? count / known : dim));
  const batchAxis = batches > 0 ? target.findIndex((dim, axis) => Number.isNaN(dim) || (dim === 0 && copiesZero && from[axis] === -1)) : open;
  const isWhole = shape.every((dim) => Number.isInteger(dim) && dim >= 0) && shape.reduce((product, dim) => product * dim, 1) === count;
  if (!isDynamic) {
    if (batches > 0 || !isWhole) throw node.invalid(`turns [${from}] into [${target}], which has another number of elements`);
    return shape;
  }
  if (batches > 1 || batchAxis !== 0 || !isWhole) {
    throw node.unsupported(
      `turns [${from}] into [${target.map((dim) => (Number.isNaN(dim) ? "batch" : dim))}]`,
      "the batch has to stay the first dimension; export with dynamic_axes for dimension 0 or write x.flatten(1)",
    );
  }
  return [-1, ...shape.slice(1)];
}
