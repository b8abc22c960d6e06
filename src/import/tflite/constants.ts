// The numbers of a TensorFlow Lite tensor: reals, with what is quantized made real again.
import { LoadError } from "../../graph/errors.ts";
import { halfToNumber } from "../half.ts";
import type { TfliteTensor } from "./model.ts";

/** Its Padding as ONNX's auto_pad. */
export const PADDINGS = ["SAME_UPPER", "VALID"];

interface Format {
  bytes: number;
  read(view: DataView, at: number): number;
}

/** By TensorType. */
const FORMATS: Readonly<Record<number, Format>> = {
  0: { bytes: 4, read: (view, at) => view.getFloat32(at, true) },
  1: { bytes: 2, read: (view, at) => halfToNumber(view.getUint16(at, true)) },
  2: { bytes: 4, read: (view, at) => view.getInt32(at, true) },
  3: { bytes: 1, read: (view, at) => view.getUint8(at) },
  4: { bytes: 8, read: (view, at) => Number(view.getBigInt64(at, true)) },
  6: { bytes: 1, read: (view, at) => Math.sign(view.getUint8(at)) },
  9: { bytes: 1, read: (view, at) => view.getInt8(at) },
};

/** Read a constant. Throws LoadError when its numbers are of another count or type. */
export function readNumbers({ name, shape, type, data, scales, zeroPoints, axis }: TfliteTensor): Float32Array {
  const format = FORMATS[type];
  if (format === undefined)
    throw new LoadError("unsupported", `tensor "${name}" is of type ${type}; floats of 16 and 32 bits and integers can be read`);
  const count = shape.reduce((a, b) => a * b, 1);
  const bytes = data as Uint8Array;
  if (bytes.length !== count * format.bytes) {
    throw new LoadError(
      "invalid",
      `tensor "${name}" holds ${bytes.length / format.bytes} numbers but its shape is [${shape}]; the file is damaged, get it again`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const numbers = Float32Array.from({ length: count }, (_, i) => format.read(view, i * format.bytes));
  if (scales.length === 0) return numbers;
  const along = scales.length === 1 ? 1 : (shape[axis] as number);
  if (along !== scales.length)
    throw new LoadError("invalid", `tensor "${name}" has ${scales.length} scales for [${shape}]; the file is damaged, get it again`);
  const run = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
  return numbers.map((q, i) => {
    const place = along === 1 ? 0 : Math.floor(i / run) % along;
    return (scales[place] as number) * (q - (zeroPoints[zeroPoints.length === 1 ? 0 : place] ?? 0));
  });
}

/** Reorder the axes of an array. */
export function transpose(numbers: Float32Array, shape: readonly number[], perm: readonly number[]): Float32Array {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  const target = perm.map((axis) => shape[axis] as number);
  const steps = perm.map((axis) => strides[axis] as number);
  const places = target.map((_, axis) => target.slice(axis + 1).reduce((a, b) => a * b, 1));
  return numbers.map((_, i) => {
    const from = target.reduce((sum, dim, axis) => sum + (Math.floor(i / (places[axis] as number)) % dim) * (steps[axis] as number), 0);
    return numbers[from] as number;
  });
}
