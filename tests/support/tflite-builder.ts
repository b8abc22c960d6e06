// Writes small TensorFlow Lite files for tests, with the flatbuffers library; field numbers are those of tensorflow/lite/schema/schema.fbs.
// Independent of the reader in src/import/tflite.
import { Builder, type Offset } from "flatbuffers";

/** A field of a table: its number, its kind, its value. */
export type Field = [slot: number, kind: "i8" | "i32" | "f32" | "ints" | "table", value: number | readonly number[] | readonly Field[]];

export interface TensorSpec {
  name: string;
  shape: readonly number[];
  /** The batch is open. */
  isOpen?: boolean;
  /** TensorType; default 0, float32. */
  type?: number;
  data?: Uint8Array | Float32Array | Int32Array | Int8Array | Uint32Array;
  scales?: readonly number[];
  zeroPoints?: readonly number[];
  axis?: number;
}

export interface OperatorSpec {
  /** BuiltinOperator, or the name of a custom one. */
  code: number | string;
  inputs: readonly number[];
  outputs: readonly number[];
  options?: readonly Field[];
  custom?: Uint8Array;
}

export interface TfliteSpec {
  tensors: readonly TensorSpec[];
  operators: readonly OperatorSpec[];
  inputs: readonly number[];
  outputs: readonly number[];
}

const CUSTOM = 32;

export function buildTflite({ tensors, operators, inputs, outputs }: TfliteSpec): Uint8Array {
  const builder = new Builder(1024);
  const ints = (list: readonly number[]) => vector(builder, 4, list, (value) => builder.addInt32(value));
  const tables = (offsets: readonly Offset[]) => vector(builder, 4, offsets, (offset) => builder.addOffset(offset));
  const bytes = (data: Uint8Array) => vector(builder, 1, [...data], (value) => builder.addInt8(value));

  const empty = table(builder, []);
  const buffers = [
    empty,
    ...tensors.map(({ data }) => (data ? bufferOf(builder, bytes(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))) : empty)),
  ];
  const tensorOffsets = tensors.map(({ name, shape, isOpen, type = 0, scales, zeroPoints = [], axis = 0 }, index) => {
    const fields: [number, () => void][] = [];
    const [nameAt, shapeAt] = [builder.createString(name), ints(shape)];
    const signatureAt = isOpen ? ints([-1, ...shape.slice(1)]) : 0;
    let gridAt = 0;
    if (scales) {
      const scaleAt = vector(builder, 4, scales, (value) => builder.addFloat32(value));
      const zeroAt = vector(builder, 8, zeroPoints, (value) => builder.addInt64(BigInt(value)));
      gridAt = table(builder, [
        [2, () => builder.addFieldOffset(2, scaleAt, 0)],
        [3, () => builder.addFieldOffset(3, zeroAt, 0)],
        [6, () => builder.addFieldInt32(6, axis, 0)],
      ]);
    }
    fields.push([0, () => builder.addFieldOffset(0, shapeAt, 0)], [1, () => builder.addFieldInt8(1, type, 0)]);
    fields.push([2, () => builder.addFieldInt32(2, index + 1, 0)], [3, () => builder.addFieldOffset(3, nameAt, 0)]);
    if (gridAt) fields.push([4, () => builder.addFieldOffset(4, gridAt, 0)]);
    if (signatureAt) fields.push([7, () => builder.addFieldOffset(7, signatureAt, 0)]);
    return table(builder, fields);
  });
  const codes = [...new Set(operators.map(({ code }) => code))];
  const codeOffsets = codes.map((code) => {
    const nameAt = typeof code === "string" ? builder.createString(code) : 0;
    const number = typeof code === "string" ? CUSTOM : code;
    return table(builder, [
      [0, () => builder.addFieldInt8(0, Math.min(number, 127), 0)],
      ...(nameAt ? ([[1, () => builder.addFieldOffset(1, nameAt, 0)]] as [number, () => void][]) : []),
      [3, () => builder.addFieldInt32(3, number, 0)],
    ]);
  });
  const operatorOffsets = operators.map((operator) => {
    const [inputsAt, outputsAt] = [ints(operator.inputs), ints(operator.outputs)];
    const optionsAt = operator.options ? optionsOf(builder, operator.options) : 0;
    const customAt = operator.custom ? bytes(operator.custom) : 0;
    return table(builder, [
      [0, () => builder.addFieldInt32(0, codes.indexOf(operator.code), 0)],
      [1, () => builder.addFieldOffset(1, inputsAt, 0)],
      [2, () => builder.addFieldOffset(2, outputsAt, 0)],
      ...(optionsAt ? ([[4, () => builder.addFieldOffset(4, optionsAt, 0)]] as [number, () => void][]) : []),
      ...(customAt ? ([[5, () => builder.addFieldOffset(5, customAt, 0)]] as [number, () => void][]) : []),
    ]);
  });
  const [tensorsAt, inputsAt, outputsAt, operatorsAt, nameAt] = [
    tables(tensorOffsets),
    ints(inputs),
    ints(outputs),
    tables(operatorOffsets),
    builder.createString("main"),
  ];
  const graph = table(builder, [
    [0, () => builder.addFieldOffset(0, tensorsAt, 0)],
    [1, () => builder.addFieldOffset(1, inputsAt, 0)],
    [2, () => builder.addFieldOffset(2, outputsAt, 0)],
    [3, () => builder.addFieldOffset(3, operatorsAt, 0)],
    [4, () => builder.addFieldOffset(4, nameAt, 0)],
  ]);
  const [codesAt, graphsAt, buffersAt] = [tables(codeOffsets), tables([graph]), tables(buffers)];
  const model = table(builder, [
    [0, () => builder.addFieldInt32(0, 3, 0)],
    [1, () => builder.addFieldOffset(1, codesAt, 0)],
    [2, () => builder.addFieldOffset(2, graphsAt, 0)],
    [4, () => builder.addFieldOffset(4, buffersAt, 0)],
  ]);
  builder.finish(model, "TFL3");
  return builder.asUint8Array().slice();
}

/** A FlexBuffers map of whole numbers, as Larq's converter writes it; values of one byte, or two. */
export function buildFlexMap(entries: Record<string, number>, width: 1 | 2 | 4 = 1): Uint8Array {
  const keys = Object.keys(entries).sort();
  const out: number[] = [];
  const put = (value: number, bytes: number) => {
    for (let i = 0; i < bytes; i++) out.push((value >>> (8 * i)) & 0xff);
  };
  const starts = keys.map((key) => {
    const at = out.length;
    out.push(...Buffer.from(key), 0);
    return at;
  });
  while (out.length % width !== 0) out.push(0);
  put(keys.length, width);
  const keysAt = out.length;
  for (const start of starts) put(out.length - start, width);
  // The map: offset to its keys, their width, its length, values, types.
  put(out.length - keysAt, width);
  put(width, width);
  put(keys.length, width);
  const valuesAt = out.length;
  for (const key of keys) put(entries[key] as number, width);
  const code = Math.log2(width);
  for (const _ of keys) out.push((1 << 2) | code);
  put(out.length - valuesAt, 1);
  out.push((9 << 2) | code, 1);
  return Uint8Array.from(out);
}

function bufferOf(builder: Builder, dataAt: Offset): Offset {
  return table(builder, [[0, () => builder.addFieldOffset(0, dataAt, 0)]]);
}

function optionsOf(builder: Builder, fields: readonly Field[]): Offset {
  const vectors = new Map(
    fields.flatMap(([slot, kind, value]) =>
      kind === "ints" ? [[slot, vector(builder, 4, value as number[], (each) => builder.addInt32(each))] as const] : [],
    ),
  );
  const add = ([slot, kind, value]: Field): [number, () => void] => {
    if (kind === "i8") return [slot, () => builder.addFieldInt8(slot, value as number, Number.NaN)];
    if (kind === "i32") return [slot, () => builder.addFieldInt32(slot, value as number, Number.NaN)];
    if (kind === "f32") return [slot, () => builder.addFieldFloat32(slot, value as number, Number.NaN)];
    return [slot, () => builder.addFieldOffset(slot, vectors.get(slot) ?? 0, 0)];
  };
  return table(builder, fields.map(add));
}

function table(builder: Builder, fields: readonly [number, () => void][]): Offset {
  builder.startObject(Math.max(0, ...fields.map(([slot]) => slot)) + 1);
  for (const [, add] of fields) add();
  return builder.endObject();
}

function vector<T>(builder: Builder, bytes: number, list: readonly T[], add: (value: T) => void): Offset {
  builder.startVector(bytes, list.length, bytes);
  for (const value of [...list].reverse()) add(value);
  return builder.endVector();
}
