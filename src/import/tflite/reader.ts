// FlatBuffer tables, read where they lie with every offset checked. What is read counts against a budget, because tables may be shared: a small file
// could otherwise be read for ever.
import { LoadError } from "../../graph/errors.ts";

/** Fields and elements of one file that may be read; far above the largest real ones. */
const BUDGET = 2 ** 26;

export class Buffer {
  readonly view: DataView;
  #budget = BUDGET;

  constructor(bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The table that the file begins with. */
  root(): Table {
    return new Table(this, this.follow(0), "the model");
  }

  /** Check that `bytes` at `at` are inside, and count them. */
  check(at: number, bytes: number, place: string): void {
    this.#budget--;
    if (this.#budget < 0) throw new LoadError("too-large", `${place}: the file's tables are shared too often to be read`);
    if (!(at >= 0 && at + bytes <= this.view.byteLength)) {
      throw new LoadError("truncated", `${place} is at byte ${at} of a file of ${this.view.byteLength}; it is damaged or cut off, get it again`);
    }
  }

  spend(elements: number, place: string): void {
    this.#budget -= elements;
    this.check(0, 0, place);
  }

  u32(at: number, place = "an offset"): number {
    this.check(at, 4, place);
    return this.view.getUint32(at, true);
  }

  /** Where the offset at `at` leads. */
  follow(at: number, place?: string): number {
    return at + this.u32(at, place);
  }
}

export class Table {
  readonly buffer: Buffer;
  readonly at: number;
  readonly place: string;
  readonly #fields: number;
  readonly #vtable: number;

  constructor(buffer: Buffer, at: number, place: string) {
    buffer.check(at, 4, place);
    this.buffer = buffer;
    this.at = at;
    this.place = place;
    this.#vtable = at - buffer.view.getInt32(at, true);
    buffer.check(this.#vtable, 4, place);
    const bytes = buffer.view.getUint16(this.#vtable, true);
    buffer.check(this.#vtable, bytes, place);
    this.#fields = (bytes - 4) >> 1;
  }

  /** Where a field's value is; undefined when it is left out. */
  #find(field: number, bytes: number): number | undefined {
    if (field >= this.#fields) return undefined;
    const offset = this.buffer.view.getUint16(this.#vtable + 4 + 2 * field, true);
    if (offset === 0) return undefined;
    this.buffer.check(this.at + offset, bytes, this.place);
    return this.at + offset;
  }

  i8(field: number, fallback = 0): number {
    const at = this.#find(field, 1);
    return at === undefined ? fallback : this.buffer.view.getInt8(at);
  }

  u8(field: number): number {
    return this.i8(field) & 0xff;
  }

  i32(field: number, fallback = 0): number {
    const at = this.#find(field, 4);
    return at === undefined ? fallback : this.buffer.view.getInt32(at, true);
  }

  f32(field: number, fallback = 0): number {
    const at = this.#find(field, 4);
    return at === undefined ? fallback : this.buffer.view.getFloat32(at, true);
  }

  table(field: number, place: string): Table | undefined {
    const at = this.#find(field, 4);
    return at === undefined ? undefined : new Table(this.buffer, this.buffer.follow(at), place);
  }

  text(field: number): string {
    const bytes = this.bytes(field);
    return bytes === undefined ? "" : new TextDecoder().decode(bytes);
  }

  /** A vector of bytes; a view of the file. */
  bytes(field: number): Uint8Array | undefined {
    const vector = this.#vector(field, 1);
    return vector && new Uint8Array(this.buffer.view.buffer, this.buffer.view.byteOffset + vector.start, vector.length);
  }

  ints(field: number): number[] | undefined {
    return this.#list(field, 4, (at) => this.buffer.view.getInt32(at, true));
  }

  longs(field: number): number[] | undefined {
    return this.#list(field, 8, (at) => Number(this.buffer.view.getBigInt64(at, true)));
  }

  floats(field: number): number[] | undefined {
    return this.#list(field, 4, (at) => this.buffer.view.getFloat32(at, true));
  }

  tables(field: number, what: string): Table[] {
    return this.#list(field, 4, (at, index) => new Table(this.buffer, this.buffer.follow(at), `${what} ${index}`)) ?? [];
  }

  #list<T>(field: number, bytes: number, read: (at: number, index: number) => T): T[] | undefined {
    const vector = this.#vector(field, bytes);
    if (vector === undefined) return undefined;
    this.buffer.spend(vector.length, this.place);
    return Array.from({ length: vector.length }, (_, index) => read(vector.start + index * bytes, index));
  }

  #vector(field: number, bytes: number): { start: number; length: number } | undefined {
    const at = this.#find(field, 4);
    if (at === undefined) return undefined;
    const start = this.buffer.follow(at, this.place);
    const length = this.buffer.u32(start, this.place);
    this.buffer.check(start + 4, length * bytes, this.place);
    return { start: start + 4, length };
  }
}
