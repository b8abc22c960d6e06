// Constants while a model is imported: shape and numbers of an initializer or of a folded subgraph. Results of
// folding are kept in double until they become a weight. In int64 tensors NaN stands for the batch size of the
// model, which is not known yet (Shape of an input with a dynamic first dimension).

export type DataType = "float" | "double" | "float16" | "int64" | "int32" | "int8" | "uint8" | "bool";

export interface Tensor {
  type: DataType;
  shape: readonly number[];
  data: Float32Array | Float64Array;
}

export function isFloat(type: DataType): boolean {
  return type === "float" || type === "double" || type === "float16";
}

/** Count the elements of a shape; NaN in it counts as 1: a constant does not vary with the batch. */
export function countOf(shape: readonly number[]): number {
  return shape.reduce((product, dim) => product * (Number.isNaN(dim) ? 1 : dim), 1);
}

/** Make a tensor of integers. */
export function integers(values: readonly number[], shape: readonly number[] = [values.length]): Tensor {
  return { type: "int64", shape, data: Float64Array.from(values) };
}

/** Distances in elements between neighbours along each axis, row-major. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides: number[] = new Array(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = (strides[axis + 1] as number) * (shape[axis + 1] as number);
  return strides;
}

/** Convert a number to a type: narrow integers wrap, floats stay as precise as they were. */
export function toType(value: number, type: DataType): number {
  if (isFloat(type)) return value;
  if (type === "bool") return Number(value !== 0);
  const whole = Math.trunc(value);
  if (type === "int32") return whole | 0;
  if (type === "int8") return (whole << 24) >> 24;
  return type === "uint8" ? whole & 0xff : whole;
}
