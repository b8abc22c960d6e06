// A model file as tools want it: read from bytes at hand, and with its constants as typed arrays. Convert side.

import { LoadError } from "../graph/errors.ts";
import type { Graph, Node, Numbers, Value } from "../graph/graph.ts";
import { checkData } from "./check-data.ts";
import { listConstants } from "./constants.ts";
import { crc32 } from "./crc32.ts";
import { countFinite } from "./finite.ts";
import { damaged, HEADER_BYTES, parseHeader, truncated } from "./header.ts";
import { readGraph } from "./read.ts";

const ARRAYS = { f32: Float32Array, i32: Int32Array, bits: Uint32Array, i8: Int8Array };

/** Read, check and decode a whole file. `data` is a view into `bytes`, or a copy if that would be unaligned. */
export function readModelBytes(given: Uint8Array): { graph: Graph; data: Uint8Array } {
  // A Node Buffer is a Uint8Array whose slice() does not copy.
  const bytes = new Uint8Array(given.buffer, given.byteOffset, given.byteLength);
  const where = "the model file";
  const header = parseHeader(bytes, where);
  const { totalBytes, dataOffset } = header;
  if (bytes.length < totalBytes) throw truncated(where, bytes.length, totalBytes);
  if (bytes.length > totalBytes) throw new LoadError("invalid", `${where} goes on after its ${totalBytes} bytes; download or copy it again`);
  if (crc32(bytes.subarray(HEADER_BYTES)) !== header.checksum) throw damaged(where, "contents");
  const graph = readGraph(bytes.subarray(HEADER_BYTES, HEADER_BYTES + header.graphBytes), header.dataBytes);
  const view = bytes.subarray(dataOffset);
  const data = view.byteOffset % 4 === 0 ? view : view.slice();
  checkData(graph, data, countFinite);
  return { graph, data };
}

/** Copy every constant out of the data section into a typed array of its own. */
export function materialize(graph: Graph, data: Uint8Array): Graph<Numbers> {
  const arrays = new Map<unknown, Numbers>();
  for (const { data: span, type } of listConstants(graph)) {
    arrays.set(span, new ARRAYS[type](data.slice(span.offset, span.offset + span.bytes).buffer));
  }
  const replace = (part: unknown): unknown => {
    if (typeof part !== "object" || part === null || Array.isArray(part)) return part;
    return arrays.get(part) ?? Object.fromEntries(Object.entries(part).map(([name, field]) => [name, replace(field)]));
  };
  return {
    ...graph,
    values: graph.values.map((value) => replace(value) as Value<Numbers>),
    nodes: graph.nodes.map((node) => replace(node) as Node<Numbers>),
  };
}
