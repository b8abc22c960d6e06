// Quantized tensors of ONNX: q stands for scale (q - zeroPoint). Values that hold such q are real values here, whole numbers within the bounds of
// their type.
import { toAxis } from "./axes.ts";
import type { Composer } from "./compose.ts";
import type { Context } from "./context.ts";
import type { OnnxNode } from "./node.ts";
import { countOf, type DataType, stridesOf, type Tensor } from "./tensor.ts";
import { dataTypeOf } from "./wire/tensor.ts";

const BOUNDS: Partial<Record<DataType, [number, number]>> = { int8: [-128, 127], uint8: [0, 255] };

export interface Grid {
  /** Of shapes that broadcast against the value. */
  scale: Tensor;
  zeroPoint: Tensor | undefined;
}

/** Read the scale and zero point in inputs `at` and `at + 1` for a value of this shape: one, one for each place along `axis`, or one a block of it. */
export function readGrid(node: OnnxNode, context: Context, at: number, shape: readonly number[], axis: number): Grid {
  const read = (index: number, what: string) => {
    const tensor = context.constant(node, index, what);
    return tensor && broadcastable(node, tensor, shape, axis);
  };
  const scale = read(at, "scale");
  if (scale === undefined) throw node.invalid("has no scale");
  return { scale, zeroPoint: read(at + 1, "zero point") };
}

/** Give a scale or zero point the shape in which it broadcasts against the value. */
export function broadcastable(node: OnnxNode, tensor: Tensor, shape: readonly number[], listedAxis: number): Tensor {
  if (tensor.data.length === 1) return { ...tensor, shape: [1] };
  const axis = toAxis(node, listedAxis, shape.length);
  const block = node.int("block_size", 0);
  if (tensor.shape.length === 1) return { ...tensor, shape: shape.map((_, i) => (i === axis ? tensor.data.length : 1)) };
  if (block === 0 || tensor.shape.length !== shape.length) throw node.invalid(`has a scale or zero point of shape [${tensor.shape}] for [${shape}]`);
  const [strides, from] = [stridesOf(shape), stridesOf(tensor.shape)];
  const data = Float64Array.from({ length: countOf(shape) }, (_, i) => {
    const place = shape.reduce((sum, dim, each) => {
      const index = Math.floor(i / (strides[each] as number)) % dim;
      return sum + (each === axis ? Math.floor(index / block) : index) * (from[each] as number);
    }, 0);
    return tensor.data[place] as number;
  });
  return { ...tensor, shape, data };
}

/** scale (x - zeroPoint) */
export function dequantize(composer: Composer, x: number, { scale, zeroPoint }: Grid): number {
  const shifted = zeroPoint === undefined ? x : shift(composer, x, zeroPoint, -1);
  return scale.data.length === 1 ? composer.affine(shifted, scale.data[0] as number) : composer.mul(shifted, composer.store(scale));
}

/** round(x / scale) + zeroPoint within the bounds of the zero point's type, uint8 where there is none. The quotient is rounded, so it is one. */
export function quantize(node: OnnxNode, composer: Composer, x: number, { scale, zeroPoint }: Grid): number {
  const code = node.int("output_dtype", 0);
  const type = zeroPoint?.type ?? (code === 0 ? "uint8" : dataTypeOf(code));
  const bounds = type && BOUNDS[type];
  if (bounds === undefined) throw node.unsupported(`quantizes to ${type ?? `data type ${code}`}`, "int8 and uint8 are supported");
  const rounded = composer.round(composer.combine("div", x, composer.store(scale)));
  return composer.activation("clip", zeroPoint === undefined ? rounded : shift(composer, rounded, zeroPoint, 1), ...bounds);
}

/** x plus or minus the zero point. */
export function shift(composer: Composer, x: number, zeroPoint: Tensor, sign: 1 | -1): number {
  if (zeroPoint.data.every((value) => value === 0)) return x;
  if (zeroPoint.data.length === 1) return composer.affine(x, 1, sign * (zeroPoint.data[0] as number));
  return composer.add(x, composer.store({ ...zeroPoint, data: zeroPoint.data.map((value) => sign * value) }));
}

/** Real weights of a quantized constant: scale (q - zeroPoint), with one of each or one a filter. */
export function dequantizeFilters(
  node: OnnxNode,
  weights: Tensor,
  scale: Tensor | undefined,
  zeroPoint: Tensor | undefined,
  filterAxis: number,
): Tensor {
  const stride = stridesOf(weights.shape)[filterAxis] as number;
  const filters = weights.shape[filterAxis] as number;
  const pick = (tensor: Tensor | undefined, at: number, fallback: number) => {
    if (tensor && tensor.data.length !== 1 && tensor.data.length !== filters)
      throw node.invalid(`has ${tensor.data.length} scales or zero points for ${filters} filters`);
    return tensor?.data[tensor.data.length === 1 ? 0 : at] ?? fallback;
  };
  const data = Float64Array.from(weights.data, (q, i) => {
    const filter = Math.floor(i / stride) % filters;
    return pick(scale, filter, 1) * (q - pick(zeroPoint, filter, 0));
  });
  return { type: "float", shape: weights.shape, data };
}
