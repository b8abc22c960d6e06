// From a Graph with its constants in memory to the bytes of a model file. Convert side only. The same graph
// always gives the same bytes.
import { Builder } from "flatbuffers";
import type { Graph, Node, Numbers, Span } from "../graph/graph.ts";
import { buildTables } from "./build-tables.ts";
import { checkData } from "./check-data.ts";
import { checkPreprocess } from "./check-preprocess.ts";
import { countFinite } from "./finite.ts";
import { layOut, seal } from "./header.ts";
import { readGraph } from "./read.ts";

const SPAN_ALIGN = 16;

/** Kinds that readers of schema version 3 do not know. */
const RECENT: readonly string[] = ["exp", "log", "sqrt", "erf", "floor", "max", "div", "pow"];

/** Write a model file; throws LoadError when the graph breaks a rule of the format. */
export function writeModel(graph: Graph<Numbers>): Uint8Array {
  const stored: { bytes: Uint8Array; offset: number }[] = [];
  let dataBytes = 0;
  const store = (numbers: Numbers): Span => {
    const offset = Math.ceil(dataBytes / SPAN_ALIGN) * SPAN_ALIGN;
    stored.push({ bytes: new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength), offset });
    dataBytes = offset + numbers.byteLength;
    return { offset, bytes: numbers.byteLength };
  };

  const { metadata, nodes, ...rest } = graph;
  const hasEpilogues = nodes.some(({ attrs }) => "epilogue" in attrs && attrs.epilogue);
  const isRecent = (node: Node<Numbers>) =>
    (node.op === "activation" && RECENT.includes(node.attrs.kind)) || (node.op === "elementwise" && RECENT.includes(node.attrs.kind));
  const root = {
    // Readers of version 1 would pass over epilogues, those of version 2 know no int8 values, those of version 3 not all kinds.
    schemaVersion: nodes.some(isRecent) ? 4 : graph.values.some(({ type }) => type === "i8") ? 3 : hasEpilogues ? 2 : 1,
    ...rest,
    nodes: nodes.map(({ op, attrs, ...node }) => ({ ...node, opType: op, op: attrs })),
    metadata: { ...metadata, entries: Object.entries(metadata.entries).map(([key, value]) => ({ key, value })) },
  };
  const builder = new Builder(4096);
  builder.finish(buildTables(builder, root, store), "HYBT");
  const graphBytes = builder.asUint8Array();
  const written = readGraph(graphBytes, dataBytes);
  checkPreprocess(written);

  const { file, data } = layOut(graphBytes, dataBytes);
  for (const { bytes, offset } of stored) data.set(bytes, offset);
  checkData(written, data, countFinite);
  seal(file);
  return file;
}
