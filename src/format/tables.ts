// Reads the FlatBuffer of a model file into plain objects, checking every byte it follows: FlatBuffers' own
// JavaScript accessors check nothing. It walks the tables that the schema allows, and no others, and looks at
// structure only; what the numbers mean is src/format/check.ts.
import type { OpName } from "../graph/attributes.ts";
import { LoadError } from "../graph/errors.ts";
import type { ElementType, Metadata, Preprocess, Span } from "../graph/graph.ts";
import { type Field, OPS_IN_UNION, openSchema } from "./schema.ts";

/** Offsets in a vtable are 16-bit numbers that some readers take as signed. */
const MAX_TABLE_BYTES = 0x7fff;
const SPAN_ALIGN = 16;
/** "HYBT", little-endian. */
const IDENTIFIER = 0x54425948;

/** The root table as it stands in the file: absent scalars have their defaults, absent vectors are empty. */
export interface StoredModel {
  schemaVersion: number;
  name?: string;
  values: { name: string; type: ElementType; shape: number[]; constant?: Span }[];
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
  const fieldsOf = openSchema();
  const spans: [start: number, end: number, where: string][] = [];
  let unclaimedBytes = size;

  const u16 = (pos: number) => view.getUint16(pos, true);
  const u32 = (pos: number) => view.getUint32(pos, true);
  const i32 = (pos: number) => view.getInt32(pos, true);

  function demand(isRight: boolean, where: string, found: string): void {
    if (!isRight) throw new LoadError("invalid", `${where} ${found}; the file is damaged: convert the model again`);
  }

  function claim(where: string, pos: number, bytes: number): void {
    unclaimedBytes -= bytes;
    demand(pos + bytes <= size, where, "reaches outside the graph");
    demand(unclaimedBytes >= 0, where, "shares its bytes");
  }

  function follow(where: string, pos: number): number {
    const target = pos + u32(pos);
    demand(target % 4 === 0 && target > pos && target + 4 <= size, where, "points outside the graph");
    return target;
  }

  function readByte(where: string, value: number, first: number, last: number): number {
    if (value >= first && value <= last) return value;
    throw new LoadError("unsupported", `${where} is ${value} but this hybit knows ${first} to ${last}; use a newer hybit`);
  }

  /** Read what lies inline at `pos`; its extent has been checked. `member` is the union's. */
  function read(where: string, field: Field, pos: number, member: number): unknown {
    const { kind, first, last, names } = field;
    if (kind === "i") return i32(pos);
    if (kind === "n") return u32(pos);
    if (kind === "b") return readByte(where, view.getUint8(pos), 0, 1) === 1;
    if (kind === "e") return names[readByte(where, view.getUint8(pos), 0, names.length - 1)];
    if (kind === "o") return OPS_IN_UNION[readByte(where, view.getUint8(pos), 1, OPS_IN_UNION.length) - 1];
    if (kind === "y") return readByte(where, view.getInt8(pos), first, last);
    if (kind === "f") {
      const value = view.getFloat32(pos, true);
      demand(Number.isFinite(value), where, "is not a finite number");
      return value;
    }
    if (kind === "r") return Object.fromEntries(fieldsOf(first).map(({ name }, i) => [name, u32(pos + 4 * i)]));
    if (kind === "p") {
      const span = { offset: u32(pos), bytes: u32(pos + 4) };
      const end = span.offset + span.bytes;
      const isRight = span.offset % SPAN_ALIGN === 0 && span.bytes > 0 && end <= dataBytes;
      demand(isRight, where, `is bytes ${span.offset} to ${end} of ${dataBytes}, which is empty, outside or not at a multiple of ${SPAN_ALIGN}`);
      spans.push([span.offset, end, where]);
      return span;
    }
    const target = follow(where, pos);
    if (kind === "t") return readTable(where, target, first);
    if (kind === "u") {
      demand(member > 0, where, "has no type");
      return readTable(where, target, member);
    }
    const start = target + 4;
    const length = u32(target);
    if (kind === "s") {
      claim(where, target, length + 5);
      demand(graph[start + length] === 0, where, "does not end with a zero byte");
      try {
        return readText(graph.subarray(start, start + length));
      } catch {
        demand(false, where, "is not UTF-8");
      }
    }
    claim(where, target, 4 + 4 * length);
    const element = { ...field, kind: kind.slice(1) };
    const isPlain = element.kind === "n" || element.kind === "i";
    return Array.from({ length }, (_, i) => read(isPlain ? where : `${where}[${i}]`, element, start + 4 * i, 0));
  }

  function readTable(where: string, pos: number, line: number): object {
    const vtable = pos - i32(pos);
    demand(vtable >= 0 && vtable % 2 === 0 && vtable + 4 <= size, where, "has fields outside the graph");
    const vtableBytes = u16(vtable);
    const tableBytes = u16(vtable + 2);
    const isRight = vtableBytes % 2 === 0 && vtableBytes >= 4 && tableBytes >= 4 && (vtableBytes | tableBytes) <= MAX_TABLE_BYTES;
    demand(isRight && vtable + vtableBytes <= size, where, "has broken fields");
    claim(where, pos, tableBytes);

    let member = 0;
    let slot = 4;
    const table: Record<string, unknown> = {};
    for (const field of fieldsOf(line)) {
      const { kind, name, first, isRequired, absent } = field;
      const path = `${where}.${name}`;
      const offset = slot < vtableBytes ? u16(vtable + slot) : 0;
      slot += 2;
      let value = absent;
      if (offset === 0) demand(!isRequired, path, "is missing");
      else {
        const bytes = "beyo".includes(kind) ? 1 : kind === "p" ? 8 : kind === "r" ? 4 * fieldsOf(first).length : 4;
        const isInside = offset >= 4 && offset + bytes <= tableBytes && (bytes === 1 || (pos + offset) % 4 === 0);
        demand(isInside, path, "lies outside its table or is unaligned");
        value = read(path, field, pos + offset, member);
        member = kind === "o" ? view.getUint8(pos + offset) : 0;
      }
      if (value !== undefined) table[name] = value;
    }
    return table;
  }

  demand(size >= 8 && u32(4) === IDENTIFIER, "the graph", "does not have the identifier HYBT");
  // StoredModel spells in types what generated/schema.ts says about the root's line.
  const model = readTable("graph", follow("the graph", 0), 0) as StoredModel;

  spans.sort((a, b) => a[0] - b[0]);
  spans.forEach(([start, , where], i) => {
    const [, end, before] = spans[i - 1] ?? [0, 0, ""];
    demand(end <= start, where, `overlaps ${before} in the data section`);
  });
  return model;
}

/** Read UTF-8; throws when it is none. Audio worklets and engines' shells have no TextDecoder. */
function readText(bytes: Uint8Array): string {
  return decodeURIComponent(Array.from(bytes, (byte) => `%${(byte + 256).toString(16).slice(1)}`).join(""));
}
