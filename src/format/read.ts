// From the bytes of a model file's graph part to a Graph. Weights stay where they are, as spans.
import { LoadError } from "../graph/errors.ts";
import type { Graph, Metadata, Node } from "../graph/graph.ts";
import { checkGraph } from "./check.ts";
import { readTables, type StoredModel } from "./tables.ts";

/** What `schema_version` may be at most. */
const SCHEMA_VERSION = 4;

/** Decode and check the graph part; spans refer to the data section of `dataBytes` bytes, which is not looked at. */
export function readGraph(graphBytes: Uint8Array, dataBytes: number): Graph {
  const { schemaVersion, name = "", values, nodes, inputs, outputs, metadata } = readTables(graphBytes, dataBytes);
  if (schemaVersion > SCHEMA_VERSION) {
    throw new LoadError("version", `the graph has schema version ${schemaVersion} but this hybit reads up to ${SCHEMA_VERSION}; use a newer hybit`);
  }
  const graph: Graph = {
    name,
    values,
    nodes: nodes.map(({ opType, op, ...node }) => ({ ...node, op: opType, attrs: op }) as Node),
    inputs,
    outputs,
    metadata: readMetadata(metadata),
  };
  checkGraph(graph);
  return graph;
}

function readMetadata(stored: StoredModel["metadata"]): Metadata {
  if (!stored) return { labels: [], entries: {} };
  return { ...stored, entries: Object.fromEntries(stored.entries.map(({ key, value }) => [key, value])) };
}
