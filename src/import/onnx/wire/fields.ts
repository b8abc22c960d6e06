// Protobuf messages as a sequence of fields. A reader never goes past its own message; unknown fields are
// skipped. Nothing here recurses: how deep messages nest is decided by the code that reads them; of ONNX's only
// recursive part (graphs inside attributes) that is import.ts, which counts.
import { type Cursor, damaged, readVarint } from "./varint.ts";

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

export class Fields implements Cursor {
  readonly bytes: Uint8Array;
  readonly end: number;
  readonly place: string;
  at: number;
  /** Number of the current field. */
  field = 0;
  #wire = 0;
  /** Bytes of the current field are still unread. */
  #pending = false;

  constructor(bytes: Uint8Array, place: string, start = 0, end = bytes.length) {
    this.bytes = bytes;
    this.place = place;
    this.at = start;
    this.end = end;
  }

  /** Go to the next field; false at the end of the message. */
  next(): boolean {
    if (this.#pending) this.#skip();
    if (this.at >= this.end) return false;
    const tag = readVarint(this);
    this.field = Math.floor(tag / 8);
    this.#wire = tag & 7;
    if (this.field < 1 || this.field > 0x1fffffff) throw damaged("invalid", this, `${this.field} is no field number`);
    this.#pending = true;
    return true;
  }

  int(): number {
    this.#expect(VARINT);
    return readVarint(this);
  }

  float(): number {
    this.#expect(FIXED32);
    return this.#view(4).getFloat32(0, true);
  }

  text(): string {
    return new TextDecoder().decode(this.data());
  }

  /** Bytes of a length-delimited field; a view of the file. */
  data(): Uint8Array {
    this.#expect(BYTES);
    const length = this.#length();
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  /** Read a nested message. */
  message(place: string): Fields {
    this.#expect(BYTES);
    const length = this.#length();
    this.at += length;
    return new Fields(this.bytes, place, this.at - length, this.at);
  }

  /** Add the integers of a repeated field, packed or not. */
  ints(into: number[]): void {
    this.#repeat(VARINT, () => into.push(readVarint(this)));
  }

  floats(into: number[]): void {
    this.#repeat(FIXED32, () => into.push(this.#view(4).getFloat32(0, true)));
  }

  doubles(into: number[]): void {
    this.#repeat(FIXED64, () => into.push(this.#view(8).getFloat64(0, true)));
  }

  #repeat(wire: number, read: () => void): void {
    if (this.#wire !== BYTES) {
      this.#expect(wire);
      read();
      return;
    }
    this.#pending = false;
    const length = this.#length();
    const end = this.at + length;
    while (this.at < end) read();
    if (this.at !== end) throw damaged("invalid", this, "a packed list does not end where it should");
  }

  #expect(wire: number): void {
    if (this.#wire !== wire) throw damaged("invalid", this, `field ${this.field} has wire type ${this.#wire} where ${wire} is expected`);
    this.#pending = false;
  }

  #length(): number {
    const length = readVarint(this);
    if (length < 0) throw damaged("invalid", this, "a length is negative");
    if (length > this.end - this.at) throw damaged("truncated", this, `${length} bytes are announced but ${this.end - this.at} are left`);
    return length;
  }

  #view(bytes: number): DataView {
    if (this.end - this.at < bytes) throw damaged("truncated", this, "a number is cut off");
    this.at += bytes;
    return new DataView(this.bytes.buffer, this.bytes.byteOffset + this.at - bytes, bytes);
  }

  #skip(): void {
    this.#pending = false;
    if (this.#wire === VARINT) readVarint(this);
    else if (this.#wire === FIXED64) this.#view(8);
    else if (this.#wire === FIXED32) this.#view(4);
    else if (this.#wire === BYTES) {
      const length = this.#length(); // moves `at`
      this.at += length;
    } else throw damaged("invalid", this, `wire type ${this.#wire} does not occur in ONNX`);
  }
}
