// Dense tensors of the test oracle: float64, row-major in logical order (NCHW or NC), bits as +1 and -1.
// Slow on purpose; nothing of src/engine or src/kernels is used.
import type { ElementType, Numbers, Shape } from "../../src/graph/graph.ts";

export interface Tensor {
  shape: number[];
  data: Float64Array;
}

/** Make a tensor of zeros. */
export function zeros(shape: Shape): Tensor {
  return { shape: [...shape], data: new Float64Array(shape.reduce((product, dim) => product * dim, 1)) };
}

/** Read entry `index`; missing entries are mistakes of the test, so they throw. */
export function at(numbers: ArrayLike<number>, index: number): number {
  const value = numbers[index];
  if (value === undefined) throw new RangeError(`oracle: index ${index} of ${numbers.length}`);
  return value;
}

/** Elements between two neighbours along each axis. */
export function stridesOf(shape: Shape): number[] {
  const strides = shape.map(() => 1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = at(strides, axis + 1) * at(shape, axis + 1);
  return strides;
}

/** Split an offset into one index per axis. */
export function indicesOf(shape: Shape, offset: number): number[] {
  const strides = stridesOf(shape);
  return shape.map((dim, axis) => Math.floor(offset / at(strides, axis)) % dim);
}

/** Fill a new tensor: `value` is asked for every position. */
export function fill(shape: Shape, value: (indices: number[], offset: number) => number): Tensor {
  const tensor = zeros(shape);
  for (let offset = 0; offset < tensor.data.length; offset++) tensor.data[offset] = value(indicesOf(shape, offset), offset);
  return tensor;
}

/** Read one element by its indices. */
export function read(tensor: Tensor, indices: readonly number[]): number {
  const strides = stridesOf(tensor.shape);
  return at(
    tensor.data,
    indices.reduce((offset, index, axis) => offset + index * at(strides, axis), 0),
  );
}

/** Apply a function to every element together with its channel (axis 1). */
export function mapChannels(tensor: Tensor, value: (x: number, channel: number) => number): Tensor {
  const channels = tensor.shape.length > 1 ? at(tensor.shape, 1) : 1;
  const inner = tensor.shape.slice(2).reduce((product, dim) => product * dim, 1);
  const data = tensor.data.map((x, offset) => value(x, Math.floor(offset / inner) % channels));
  return { shape: [...tensor.shape], data };
}

/** Bit `index` of packed words. */
export function readBit(words: ArrayLike<number>, index: number): number {
  return (at(words, index >> 5) >>> (index & 31)) & 1;
}

/** Open a stored constant: f32 row-major, i8 as q, bits as [N,...spatial,ceil(C/32)]. */
export function openConstant(type: ElementType, shape: Shape, numbers: Numbers | Int8Array): Tensor {
  if (type !== "bits") return { shape: [...shape], data: Float64Array.from(numbers) };
  const channels = shape.length > 1 ? at(shape, 1) : 1;
  const words = Math.ceil(channels / 32);
  const spatial = shape.slice(2).reduce((product, dim) => product * dim, 1);
  return fill(shape, (indices, offset) => {
    const run = at(indices, 0) * spatial + (offset % spatial);
    return readBit(numbers, run * words * 32 + (indices[1] ?? 0)) ? -1 : 1;
  });
}
