// The idx files of MNIST and its like: two zero bytes, a type (only unsigned bytes are read), a rank, the dimensions (big-endian), the numbers.
import { Failure } from "./failure.ts";

const UNSIGNED_BYTE = 8;

export function isIdx(bytes: Uint8Array): boolean {
  return (
    bytes.length >= 8 && bytes[0] === 0 && bytes[1] === 0 && (bytes[2] as number) >= 8 && (bytes[2] as number) <= 14 && (bytes[3] as number) <= 4
  );
}

/** Read a whole file. Throws Failure. */
export function readIdx(bytes: Uint8Array): { shape: number[]; data: Uint8Array } {
  if (bytes[2] !== UNSIGNED_BYTE) throw new Failure(`its numbers are of idx type ${bytes[2]}; only unsigned bytes (8) are read`);
  const rank = bytes[3] as number;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = 4 + 4 * rank;
  if (bytes.length < start) throw new Failure("it ends within its header; get it again");
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const count = shape.reduce((a, b) => a * b, 1);
  if (bytes.length - start !== count)
    throw new Failure(`it says it holds [${shape}], which is ${count} bytes, and holds ${bytes.length - start}; get it again`);
  return { shape, data: bytes.subarray(start) };
}
