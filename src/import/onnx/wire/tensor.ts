// TensorProto: read into what was written; the numbers are made by readTensor, when somebody asks.
import { LoadError } from "../../../graph/errors.ts";
import { halfToNumber } from "../../half.ts";
import { countOf, type DataType, type Tensor } from "../tensor.ts";
import type { Fields } from "./fields.ts";

export interface TensorProto {
  name: string;
  dims: number[];
  dataType: number;
  raw: Uint8Array | undefined;
  /** Whichever of float_data, int32_data, int64_data, double_data is filled. */
  typed: number[];
  /** Where the numbers are instead, if they are not in the file: a path beside it, and bytes in that. */
  external: ExternalPlace | undefined;
}

export interface ExternalPlace {
  location: string;
  offset: number;
  /** To the end of the file, where it is not said. */
  length: number | undefined;
}

/** Files that hold numbers, by their location in the model. */
export type ExternalFiles = ReadonlyMap<string, Uint8Array>;

export function decodeTensor(fields: Fields): TensorProto {
  const tensor: TensorProto = { name: "", dims: [], dataType: 0, raw: undefined, typed: [], external: undefined };
  const entries = new Map<string, string>();
  let isExternal = false;
  while (fields.next()) {
    if (fields.field === 1) fields.ints(tensor.dims);
    else if (fields.field === 2) tensor.dataType = fields.int();
    else if (fields.field === 4) fields.floats(tensor.typed);
    else if (fields.field === 5 || fields.field === 7) fields.ints(tensor.typed);
    else if (fields.field === 8) tensor.name = fields.text();
    else if (fields.field === 9) tensor.raw = fields.data();
    else if (fields.field === 10) fields.doubles(tensor.typed);
    else if (fields.field === 13) decodeEntry(fields.message(fields.place), entries);
    else if (fields.field === 14) isExternal = fields.int() === 1;
  }
  if (isExternal) {
    const length = entries.get("length");
    tensor.external = {
      location: entries.get("location") ?? "",
      offset: Number(entries.get("offset") ?? 0),
      length: length === undefined ? undefined : Number(length),
    };
  }
  return tensor;
}

function decodeEntry(fields: Fields, into: Map<string, string>): void {
  let [key, value] = ["", ""];
  while (fields.next()) {
    if (fields.field === 1) key = fields.text();
    else if (fields.field === 2) value = fields.text();
  }
  into.set(key, value);
}

/** Far above anything real; a forged file must not have thousands. */
export const MAX_RANK = 64;

interface Format {
  type: DataType;
  bytes: number;
  /** Read element `at` bytes into the raw data. */
  read(view: DataView, at: number): number;
  /** Turn an entry of the typed field into the value; as is when absent. */
  typed?(entry: number): number;
}

const FORMATS: Readonly<Record<number, Format>> = {
  1: { type: "float", bytes: 4, read: (view, at) => view.getFloat32(at, true) },
  2: { type: "uint8", bytes: 1, read: (view, at) => view.getUint8(at) },
  3: { type: "int8", bytes: 1, read: (view, at) => view.getInt8(at) },
  6: { type: "int32", bytes: 4, read: (view, at) => view.getInt32(at, true) },
  7: { type: "int64", bytes: 8, read: (view, at) => Number(view.getBigInt64(at, true)) },
  9: { type: "bool", bytes: 1, read: (view, at) => Math.sign(view.getUint8(at)) },
  10: { type: "float16", bytes: 2, read: (view, at) => halfToNumber(view.getUint16(at, true)), typed: halfToNumber },
  11: { type: "double", bytes: 8, read: (view, at) => view.getFloat64(at, true) },
};

/** The type behind TensorProto.DataType; undefined when this importer cannot hold it. */
export function dataTypeOf(code: number): DataType | undefined {
  return FORMATS[code]?.type;
}

/** Read the numbers of a tensor. `place` names it in errors. */
export function readTensor(proto: TensorProto, place: string, files?: ExternalFiles): Tensor {
  const format = FORMATS[proto.dataType];
  if (format === undefined) {
    throw new LoadError(
      "unsupported",
      `${place} has ONNX data type ${proto.dataType}; float, double, float16, int8, uint8, int32, int64 and bool can be read`,
    );
  }
  const shape = proto.dims;
  if (shape.length > MAX_RANK) throw new LoadError("invalid", `${place} has ${shape.length} dimensions; the file is damaged, export it again`);
  const count = countOf(shape);
  const raw = proto.external ? findExternal(proto.external, place, files) : proto.raw;
  const found = raw === undefined ? proto.typed.length : raw.length / format.bytes;
  if (shape.some((dim) => dim < 0) || found !== count) {
    throw new LoadError("invalid", `${place} holds ${found} values but its shape is [${shape}]; the file is damaged, export it again`);
  }
  const data = format.bytes > 2 && format.type !== "float" ? new Float64Array(count) : new Float32Array(count);
  if (raw === undefined) {
    for (let i = 0; i < count; i++) data[i] = format.typed ? format.typed(proto.typed[i] as number) : (proto.typed[i] as number);
  } else {
    const view = new DataView(raw.buffer, raw.byteOffset, raw.length);
    for (let i = 0; i < count; i++) data[i] = format.read(view, i * format.bytes);
  }
  return { type: format.type, shape, data };
}

/** Find the bytes of a tensor in another file. Throws LoadError where that is not given, or would be read outside of its bounds. */
function findExternal({ location, offset, length }: ExternalPlace, place: string, files: ExternalFiles | undefined): Uint8Array {
  if (!isBeside(location)) {
    throw new LoadError("invalid", `${place} is kept in "${location}", which is not beside the model; export the model again`);
  }
  const file = files?.get(location);
  if (file === undefined) {
    throw new LoadError(
      "unsupported",
      `${place} is kept in the file "${location}", which is not there; put it beside the model, or export the model as one file (save_as_external_data=False)`,
    );
  }
  const end = length === undefined ? file.length : offset + length;
  const isInside = Number.isSafeInteger(offset) && Number.isSafeInteger(end) && offset >= 0 && offset <= end && end <= file.length;
  if (!isInside)
    throw new LoadError("truncated", `${place} is bytes ${offset} to ${end} of "${location}", which has ${file.length}; get the file again`);
  return file.subarray(offset, end);
}

/** A path that leads to the model's own folder or into it. */
export function isBeside(location: string): boolean {
  const parts = location.split(/[/\\]/);
  return location !== "" && !/^[a-z]+:/i.test(location) && !parts.includes("..") && parts[0] !== "" && !location.includes("\0");
}
