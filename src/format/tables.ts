// Reads the FlatBuffer of a model file into plain objects, checking every byte it follows: FlatBuffers' own
// JavaScript accessors check nothing. It walks the tables that the schema allows, and no others, and looks at
// structure only; what the numbers mean is src/format/check.ts.
import type { OpName } from "../graph/attributes.ts";
import { LoadError } from "../graph/errors.ts";
import type { Metadata, Preprocess, Span } from "../graph/graph.ts";
import { type Field, OPS_IN_UNION, parseSchema } from "./schema.ts";

/** Arbitrary: thirty times the tables of the largest network of the ONNX model zoo. */
const MAX_TABLES = 1 << 18;
/** The schema nests 5 deep. */
const MAX_DEPTH = 8;
/** Offsets in a vtable are read as signed 16-bit numbers. */
const MAX_TABLE_BYTES = 0x7fff;
const SPAN_ALIGN = 16;
/** "HYBT", little-endian. */
const IDENTIFIER = 0x54425948;

/** The root table as it stands in the file: absent scalars have their defaults, absent vectors are empty. */
export interface StoredModel {
  schemaVersion: number;
  name?: string;
  values: { name: string; type: "f32" | "bits"; shape: number[]; constant?: Span }[];
  nodes: { name: string; inputs: number[]; outputs: number[]; opType: OpName; op: object; note?: string }[];
  inputs: number[];
  outputs: number[];
  metadata?: Omit<Metadata, "entries" | "preprocess"> & { preprocess?: Preprocess; entries: { key: string; value: string }[] };
}

/**
 * Read every table; throws LoadError unless all of them, their vectors, strings and spans lie where they may. Bytes are
 * claimed as they are visited, so a graph that points to one place from many cannot cost more than its own size.
 */
export function readTables(graph: Uint8Array, dataBytes: number): StoredModel {
  const view = new DataView(graph.buffer, graph.byteOffset, graph.byteLength);
  const size = graph.byteLength;
  const schema = parseSchema();
  const text = new TextDecoder();
  const spans: { where: string; start: number; end: number }[] = [];
  let unclaimedBytes = size;
  let tables = 0;

  function fail(where: string, found: string): never {
    throw new LoadError("invalid", `${where} ${found}; the file was not written by hybit or is damaged: convert the model again`);
  }

  function claim(where: string, pos: number, bytes: number): void {
    if (pos + bytes > size) fail(where, `reaches ${pos + bytes - size} bytes past the graph's end`);
    unclaimedBytes -= bytes;
    if (unclaimedBytes < 0) fail(where, "shares its bytes with other parts of the graph");
  }

  function follow(where: string, pos: number): number {
    const target = pos + view.getUint32(pos, true);
    if (target & 3 || target <= pos || target + 4 > size) fail(where, `points to byte ${target}, which is outside the graph's ${size} or unaligned`);
    return target;
  }

  function readNumberIn(where: string, value: number, first: number, last: number): number {
    if (value >= first && value <= last) return value;
    throw new LoadError("unsupported", `${where} is ${value} but this hybit knows ${first} to ${last}; use the newer hybit that wrote the file`);
  }

  function readFloat(where: string, pos: number): number {
    const value = view.getFloat32(pos, true);
    return Number.isFinite(value) ? value : fail(where, "is not a finite number");
  }

  function readString(where: string, start: number): string {
    const bytes = view.getUint32(start, true);
    claim(where, start, bytes + 5);
    if (graph[start + 4 + bytes] !== 0) fail(where, "does not end with a zero byte");
    return text.decode(graph.subarray(start + 4, start + 4 + bytes));
  }

  function readSpan(where: string, pos: number): Span {
    const offset = view.getUint32(pos, true);
    const bytes = view.getUint32(pos + 4, true);
    if (offset % SPAN_ALIGN || bytes === 0 || offset + bytes > dataBytes) {
      fail(
        where,
        `is bytes ${offset} to ${offset + bytes}; it must start at a multiple of ${SPAN_ALIGN}, not be empty, and end within the data section's ${dataBytes}`,
      );
    }
    spans.push({ where, start: offset, end: offset + bytes });
    return { offset, bytes };
  }

  function readVector(where: string, field: Field, start: number, depth: number): unknown[] {
    const count = view.getUint32(start, true);
    claim(where, start, 4 + 4 * count);
    const element = { ...field, kind: field.kind.slice(1) };
    return Array.from({ length: count }, (_, i) => read(`${where}[${i}]`, element, start + 4 + 4 * i, 0, depth));
  }

  /** Read what lies inline at `pos`; its extent has been checked. `member` is the union's. */
  function read(where: string, field: Field, pos: number, member: number, depth: number): unknown {
    const { kind, first, last, names } = field;
    if (kind.startsWith("v")) return readVector(where, field, follow(where, pos), depth);
    switch (kind) {
      case "i":
        return view.getInt32(pos, true);
      case "n":
        return view.getUint32(pos, true);
      case "f":
        return readFloat(where, pos);
      case "b":
        return readNumberIn(where, view.getUint8(pos), 0, 1) === 1;
      case "e":
        return names[readNumberIn(where, view.getUint8(pos), 0, names.length - 1)];
      case "y":
        return readNumberIn(where, view.getInt8(pos), first, last);
      case "o":
        return OPS_IN_UNION[readNumberIn(where, view.getUint8(pos), 1, OPS_IN_UNION.length) - 1];
      case "s":
        return readString(where, follow(where, pos));
      case "p":
        return readSpan(where, pos);
      case "r":
        return Object.fromEntries((schema[first] as Field[]).map(({ name }, i) => [name, view.getUint32(pos + 4 * i, true)]));
      case "u":
        return member > 0 ? readTable(where, follow(where, pos), member, depth + 1) : fail(where, "has no type");
      default:
        return readTable(where, follow(where, pos), first, depth + 1);
    }
  }

  function readAbsent(where: string, { kind, isRequired, names, value }: Field): unknown {
    if (isRequired) fail(where, "is missing");
    if (kind.startsWith("v")) return [];
    if (kind === "e") return names[0];
    if (kind === "b") return false;
    return "infy".includes(kind) ? value : undefined;
  }

  function readTable(where: string, pos: number, line: number, depth: number): object {
    if (++tables > MAX_TABLES || depth > MAX_DEPTH) fail(where, `exceeds ${MAX_TABLES} tables or ${MAX_DEPTH} levels`);
    const vtable = pos - view.getInt32(pos, true);
    if (vtable < 0 || vtable & 1 || vtable + 4 > size) fail(where, "has its field list outside the graph");
    const vtableBytes = view.getUint16(vtable, true);
    const tableBytes = view.getUint16(vtable + 2, true);
    if (vtableBytes < 4 || vtableBytes & 1 || vtable + vtableBytes > size || vtableBytes > MAX_TABLE_BYTES) fail(where, "has a broken field list");
    if (tableBytes < 4 || tableBytes > MAX_TABLE_BYTES) fail(where, `has a size of ${tableBytes}`);
    claim(where, pos, tableBytes);

    let member = 0;
    const fields = (schema[line] as Field[]).map((field, index): [string, unknown] => {
      const { kind, name } = field;
      const path = `${where}.${name}`;
      const slot = 4 + 2 * index;
      const offset = slot < vtableBytes ? view.getUint16(vtable + slot, true) : 0;
      if (offset === 0) return [name, readAbsent(path, field)];
      const bytes = "beyo".includes(kind) ? 1 : kind === "p" ? 8 : kind === "r" ? 4 * (schema[field.first] as Field[]).length : 4;
      if (offset < 4 || offset + bytes > tableBytes || (bytes > 1 && (pos + offset) & 3)) fail(path, "lies outside its table or is unaligned");
      const value = read(path, field, pos + offset, member, depth);
      member = kind === "o" ? view.getUint8(pos + offset) : 0;
      return [name, value];
    });
    return Object.fromEntries(fields.filter(([, value]) => value !== undefined));
  }

  if (size < 8 || view.getUint32(4, true) !== IDENTIFIER) fail("graph", "does not carry the identifier HYBT");
  // The schema line for line: generated/schema.ts is made from schema/hybit.fbs, which StoredModel spells in types.
  const model = readTable("graph", follow("graph", 0), 0, 0) as StoredModel;

  spans.sort((a, b) => a.start - b.start);
  spans.forEach(({ where, start }, i) => {
    const before = spans[i - 1];
    if (before && before.end > start) fail(where, `overlaps ${before.where} in the data section`);
  });
  return model;
}
