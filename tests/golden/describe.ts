// A model file as text: everything in it, constants as lists.
import { crc32 } from "../../src/format/crc32.ts";
import { materialize, readModelBytes } from "../../src/format/materialize.ts";

/** Spell out a model file; one line per value and node, so that a difference can be seen. */
export function describeModel(bytes: Uint8Array): string {
  const { graph, data } = readModelBytes(bytes);
  const { values, nodes, ...rest } = materialize(graph, data);
  const spell = (thing: unknown) =>
    JSON.stringify(thing, (_, field) => (ArrayBuffer.isView(field) ? { [field.constructor.name]: [...(field as Float32Array)] } : field));
  const lines = (things: unknown[]) => `[\n    ${things.map(spell).join(",\n    ")}\n  ]`;
  const head = { bytes: bytes.length, crc32: crc32(bytes), ...rest };
  return `{\n  "head": ${spell(head)},\n  "values": ${lines(values)},\n  "nodes": ${lines(nodes)}\n}`;
}
