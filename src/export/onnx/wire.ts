// Protobuf, the writing half: messages grow field by field and become bytes once, so that the weights of a large net
// are copied only there. Reads nothing; the reader is src/import/onnx/wire.

const VARINT = 0;
const BYTES = 2;
const FIXED32 = 5;

export class Message {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  integer(field: number, value: number): this {
    return this.#push(varint(8 * field + VARINT), varint(value));
  }

  float(field: number, value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    return this.#push(varint(8 * field + FIXED32), bytes);
  }

  text(field: number, value: string): this {
    return this.data(field, new TextEncoder().encode(value));
  }

  /** The bytes must stay as they are until `finish`. */
  data(field: number, bytes: Uint8Array): this {
    return this.#push(varint(8 * field + BYTES), varint(bytes.length), bytes);
  }

  /** The inner message must be complete. */
  message(field: number, inner: Message): this {
    this.#push(varint(8 * field + BYTES), varint(inner.#length));
    for (const part of inner.#parts) this.#push(part);
    return this;
  }

  finish(): Uint8Array {
    const bytes = new Uint8Array(this.#length);
    let at = 0;
    for (const part of this.#parts) {
      bytes.set(part, at);
      at += part.length;
    }
    return bytes;
  }

  #push(...parts: Uint8Array[]): this {
    for (const part of parts) {
      this.#parts.push(part);
      this.#length += part.length;
    }
    return this;
  }
}

/** Seven bits a byte, lowest first; negative numbers as 64 bits in two's complement. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    bytes.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return Uint8Array.from(bytes);
}
