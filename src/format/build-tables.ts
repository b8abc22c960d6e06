// Writes plain objects as the tables of schema/hybit.fbs: the mirror image of tables.ts. Convert side only.
import type { Builder } from "flatbuffers";
import type { Numbers, Span } from "../graph/graph.ts";
import { type Field, OPS_IN_UNION, openSchema } from "./schema.ts";

/** Put an array into the data section. */
export type Store = (numbers: Numbers) => Span;

type Fields = Record<string, unknown>;

/** Write `root` as the schema's root table; typed arrays in it go through `store`. Returns its offset. */
export function buildTables(builder: Builder, root: object, store: Store): number {
  const fieldsOf = openSchema();

  /** Write what must lie outside a table before the table is begun; returns its offset. */
  function writeApart(field: Field, value: unknown, member: number): number {
    const { kind, first } = field;
    if (kind === "s") return builder.createString(value as string);
    if (kind === "t") return writeTable(first, value as Fields);
    if (kind === "u") return writeTable(member, value as Fields);
    return writeVector({ ...field, kind: kind.slice(1) }, value as readonly unknown[]);
  }

  function writeVector(element: Field, values: readonly unknown[]): number {
    const isApart = element.kind === "s" || element.kind === "t";
    const numbers = values.map((value) => (isApart ? writeApart(element, value, 0) : (value as number)));
    builder.startVector(4, numbers.length, 4);
    for (const number of numbers.reverse()) {
      if (isApart) builder.addOffset(number);
      else if (element.kind === "f") builder.addFloat32(number);
      else builder.addInt32(number);
    }
    return builder.endVector();
  }

  /** Write a struct of numbers right before the field that holds it, last one first. */
  function writeStruct(numbers: readonly number[]): number {
    builder.prep(4, 4 * numbers.length);
    for (const number of numbers.toReversed()) builder.writeInt32(number);
    return builder.offset();
  }

  function writeTable(line: number, table: Fields): number {
    const fields = fieldsOf(line);
    const member = OPS_IN_UNION.indexOf(table.opType as never) + 1;
    const offsets = fields.map((field) => {
      const value = table[field.name];
      const isApart = "stu".includes(field.kind) || field.kind.startsWith("v");
      return isApart && value !== undefined ? writeApart(field, value, member) : 0;
    });
    const spans = fields.map(({ kind, name }) => (kind === "p" && table[name] !== undefined ? store(table[name] as Numbers) : undefined));

    builder.startObject(fields.length);
    fields.forEach(({ kind, name, names, first, absent }, index) => {
      const value = table[name];
      if (value === undefined) return;
      const span = spans[index];
      if (span) builder.addFieldStruct(index, writeStruct([span.offset, span.bytes]), 0);
      else if (kind === "r")
        builder.addFieldStruct(index, writeStruct(fieldsOf(first).map((part) => (value as Record<string, number>)[part.name] ?? 0)), 0);
      else if (kind === "f") builder.addFieldFloat32(index, value as number, absent as number);
      else if (kind === "i" || kind === "n") builder.addFieldInt32(index, value as number, absent as number);
      else if (kind === "e") builder.addFieldInt8(index, names.indexOf(value as string), 0);
      else if (kind === "o") builder.addFieldInt8(index, member, 0);
      else if (kind === "b" || kind === "y") builder.addFieldInt8(index, Number(value), 0);
      else builder.addFieldOffset(index, offsets[index] as number, 0);
    });
    return builder.endObject();
  }

  return writeTable(0, root as Fields);
}
