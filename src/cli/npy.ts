// NumPy's .npy files: reads versions 1 to 3 in C order with any plain number type, writes version 1 with f32.
// Refuses what cannot become f32 without a loss that matters: strings, complex numbers, integers f32 cannot hold.
import { halfToNumber } from "../import/half.ts";
import { Failure } from "./failure.ts";

export interface NpyArray {
  shape: number[];
  data: Float32Array;
  /** The type in the file, in NumPy's spelling without the byte order: "f4", "u1", ... */
  type: string;
}

const MAGIC = "\x93NUMPY";

/** Read one element at a byte offset. */
type Reader = (view: DataView, offset: number, isLittle: boolean) => number;

const READERS: Readonly<Record<string, Reader>> = {
  f2: (view, offset, isLittle) => halfToNumber(view.getUint16(offset, isLittle)),
  f4: (view, offset, isLittle) => view.getFloat32(offset, isLittle),
  f8: (view, offset, isLittle) => view.getFloat64(offset, isLittle),
  b1: (view, offset) => view.getUint8(offset),
  u1: (view, offset) => view.getUint8(offset),
  u2: (view, offset, isLittle) => view.getUint16(offset, isLittle),
  u4: (view, offset, isLittle) => view.getUint32(offset, isLittle),
  u8: (view, offset, isLittle) => Number(view.getBigUint64(offset, isLittle)),
  i1: (view, offset) => view.getInt8(offset),
  i2: (view, offset, isLittle) => view.getInt16(offset, isLittle),
  i4: (view, offset, isLittle) => view.getInt32(offset, isLittle),
  i8: (view, offset, isLittle) => Number(view.getBigInt64(offset, isLittle)),
};

export function isNpy(bytes: Uint8Array): boolean {
  return String.fromCharCode(...bytes.subarray(0, MAGIC.length)) === MAGIC;
}

/** Read a whole file. The result does not share memory with `bytes`. Throws Failure. */
export function readNpy(bytes: Uint8Array): NpyArray {
  const { order, type, shape, dataOffset } = readHeader(bytes);
  const read = READERS[type];
  if (read === undefined) {
    throw new Failure(`its numbers are of NumPy type ${type}; save plain numbers instead: numpy.save(path, x.astype("float32"))`);
  }
  const elemBytes = Number(type.slice(1));
  const count = shape.reduce((product, dim) => product * dim, 1);
  const found = bytes.length - dataOffset;
  if (found !== count * elemBytes) {
    throw new Failure(`its header promises ${count * elemBytes} bytes of numbers but ${found} follow; the file was cut or damaged`);
  }

  const data = new Float32Array(count);
  const view = new DataView(bytes.buffer, bytes.byteOffset + dataOffset, found);
  for (let i = 0; i < count; i++) {
    const number = read(view, i * elemBytes, order !== ">");
    data[i] = number;
    if (data[i] !== number) checkLoss(number, data[i] as number, i, type);
  }
  return { shape, data, type };
}

/** Make a version 1 file of f32 numbers, little-endian, C order. */
export function writeNpy(shape: readonly number[], data: Float32Array): Uint8Array {
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const start = `{'descr': '<f4', 'fortran_order': False, 'shape': (${tuple}), }`;
  // The numbers begin at a multiple of 64, so that they can be mapped into memory.
  const dataOffset = Math.ceil((10 + start.length + 1) / 64) * 64;
  const header = `${start.padEnd(dataOffset - 11)}\n`;
  const bytes = new Uint8Array(dataOffset + data.length * 4);
  const view = new DataView(bytes.buffer);
  bytes.set(Uint8Array.from(MAGIC, (letter) => letter.charCodeAt(0)));
  bytes.set([1, 0], 6);
  view.setUint16(8, header.length, true);
  bytes.set(new TextEncoder().encode(header), 10);
  data.forEach((number, i) => {
    view.setFloat32(dataOffset + 4 * i, number, true);
  });
  return bytes;
}

interface Header {
  order: string;
  type: string;
  shape: number[];
  dataOffset: number;
}

function readHeader(bytes: Uint8Array): Header {
  if (!isNpy(bytes)) throw new Failure("it is not a .npy file; save the numbers with numpy.save");
  const version = bytes[6] ?? 0;
  if (version < 1 || version > 3) throw new Failure(`it is a .npy file of version ${version}; versions 1 to 3 are read`);
  const start = version === 1 ? 10 : 12;
  if (bytes.length < start) throw new Failure("it ends inside its header; the file was cut");
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const dataOffset = start + (version === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (bytes.length < dataOffset) throw new Failure("it ends inside its header; the file was cut");

  const text = new TextDecoder().decode(bytes.subarray(start, dataOffset));
  const [, order, type] = /'descr':\s*'([<>|=]?)(\w+)'/.exec(text) ?? [];
  const [, isFortran] = /'fortran_order':\s*(True|False)/.exec(text) ?? [];
  const [, tuple] = /'shape':\s*\(([\d\s,]*)\)/.exec(text) ?? [];
  if (/'descr':\s*\[/.test(text)) throw new Failure("it holds records, not plain numbers; save one field of them");
  if (order === undefined || type === undefined || isFortran === undefined || tuple === undefined) {
    throw new Failure("its header is not one that numpy.save writes");
  }
  const shape = tuple.split(",").flatMap((dim) => (dim.trim() === "" ? [] : [Number(dim)]));
  if (isFortran === "True" && shape.length > 1) {
    throw new Failure("it is in Fortran order; save it in C order: numpy.save(path, numpy.ascontiguousarray(x))");
  }
  return { order, type, shape, dataOffset };
}

/** Rounding a float is fine; an integer that changes, or a number that becomes infinite, is not. */
function checkLoss(number: number, kept: number, index: number, type: string): void {
  if (Number.isNaN(number) || (type.startsWith("f") && Number.isFinite(kept))) return;
  throw new Failure(`element ${index} is ${number}, which a 32-bit float cannot hold; scale the numbers down before saving them`);
}
