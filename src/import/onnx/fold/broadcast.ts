// NumPy broadcasting of constants.
import type { OnnxNode } from "../node.ts";
import { type DataType, stridesOf, type Tensor } from "../tensor.ts";
import { MAX_RANK } from "../wire/tensor.ts";
import { allocate } from "./folder.ts";

/** The shape two or more shapes broadcast to. */
export function broadcastShape(node: OnnxNode, shapes: readonly (readonly number[])[]): number[] {
  const rank = Math.max(...shapes.map((shape) => shape.length));
  if (rank > MAX_RANK) throw node.invalid(`would make a constant of ${rank} dimensions`);
  return Array.from({ length: rank }, (_, axis) => {
    let size = 1;
    for (const shape of shapes) {
      const dim = shape[axis - rank + shape.length] ?? 1;
      if (dim === 1 || dim === size) continue;
      if (size !== 1) throw node.invalid(`combines shapes that do not fit: ${shapes.map((each) => `[${each}]`).join(" and ")}`);
      size = dim;
    }
    return size;
  });
}

/** Apply a function of up to three constants element by element. */
export function mapElements(node: OnnxNode, type: DataType, tensors: readonly Tensor[], apply: (a: number, b: number, c: number) => number): Tensor {
  const shape = broadcastShape(
    node,
    tensors.map((tensor) => tensor.shape),
  );
  const result = allocate(node, type, shape);
  const places = tensors.map((tensor) => sourceIndices(tensor.shape, shape));
  const values = [0, 0, 0] as [number, number, number];
  for (let i = 0; i < result.data.length; i++) {
    for (let t = 0; t < tensors.length; t++) values[t] = (tensors[t] as Tensor).data[places[t]?.(i) ?? i] as number;
    result.data[i] = apply(values[0], values[1], values[2]);
  }
  return result;
}

/** Returns the place in a tensor of shape `from` of element `i` of the broadcast result; undefined when it is i itself. */
function sourceIndices(from: readonly number[], to: readonly number[]): ((i: number) => number) | undefined {
  if (from.length === to.length && from.every((dim, axis) => dim === to[axis])) return undefined;
  const offset = to.length - from.length;
  const strides = stridesOf(from);
  const outer = stridesOf(to);
  const axes = from.flatMap((dim, axis) => {
    const at = axis + offset;
    return dim === 1 ? [] : [{ size: to[at] as number, outer: outer[at] as number, inner: strides[axis] as number }];
  });
  return (i) => axes.reduce((place, { size, outer: step, inner }) => place + (Math.floor(i / step) % size) * inner, 0);
}
