// Protobuf varints: seven bits a byte, lowest first, at most ten bytes. Values are two's complement 64-bit
// integers; as JavaScript numbers they are exact up to 2^53, which every size, axis and index of a model is.
// Larger ones (2^63-1 as "to the end") lose low bits, never their sign or magnitude.
import { LoadError } from "../../../graph/errors.ts";

export interface Cursor {
  readonly bytes: Uint8Array;
  /** Next byte to read. */
  at: number;
  /** First byte that is not ours. */
  readonly end: number;
  /** What is being read, for errors. */
  readonly place: string;
}

const MAX_BYTES = 10;
const TWO_32 = 2 ** 32;

/** Read a varint as a signed 64-bit integer. */
export function readVarint(cursor: Cursor): number {
  let low = 0; // bits 0..27
  let middle = 0; // bits 28..55
  let high = 0; // bits 56..63
  for (let i = 0; i < MAX_BYTES; i++) {
    if (cursor.at >= cursor.end) throw damaged("truncated", cursor, "a number is cut off");
    const byte = cursor.bytes[cursor.at++] as number;
    const bits = byte & 0x7f;
    if (i < 4) low |= bits << (7 * i);
    else if (i < 8) middle |= bits << (7 * (i - 4));
    else high |= bits << (7 * (i - 8));
    if (byte < 0x80) return combine(low, middle, high & 0xff);
  }
  throw damaged("invalid", cursor, "a number is longer than ten bytes");
}

function combine(low: number, middle: number, high: number): number {
  const low32 = (low | (middle << 28)) >>> 0;
  const high32 = (middle >>> 4) | (high << 24); // signed
  return high32 * TWO_32 + low32;
}

/** Say where a file is damaged. */
export function damaged(code: "truncated" | "invalid", cursor: Cursor, what: string): LoadError {
  return new LoadError(code, `damaged ONNX file: in ${cursor.place}, at byte ${cursor.at}, ${what}; download or export it again`);
}
