// Walks every stored constant of a graph and says what numbers it holds. That is a matter of the schema, so it
// is decided here from the field's name and neighbours, for all ops alike.
import type { Graph, Node, Span, Value } from "../graph/graph.ts";

export interface Constant {
  /** As errors call it: "weights.alpha", or the name of the value. */
  path: string;
  type: "f32" | "i32" | "u32";
  span: Span;
  /** u32: bits in one run; the rest of its last word must be 0. */
  runBits: number;
  /** Name of the node it belongs to; absent for constant values. */
  node?: string;
}

/** Copy a graph with every span replaced by what `map` makes of it. */
export function mapConstants<D>(graph: Graph, map: (constant: Constant) => D): Graph<D> {
  return {
    ...graph,
    values: graph.values.map(({ constant, ...value }): Value<D> => {
      if (!constant) return value;
      return {
        ...value,
        constant: map({ path: value.name, type: value.type === "bits" ? "u32" : "f32", span: constant, runBits: value.shape[1] as number }),
      };
    }),
    nodes: graph.nodes.map((node) => {
      const channels = graph.values[node.outputs[0] as number]?.shape[1] as number;
      return { ...node, attrs: mapFields(node, channels, node.attrs, "", map) } as Node<D>;
    }),
  };
}

function mapFields<D>(node: Node, channels: number, fields: object, prefix: string, map: (constant: Constant) => D): object {
  const mapField = ([name, field]: [string, unknown]): [string, unknown] => {
    const path = prefix + name;
    if (isSpan(field)) {
      const runBits = name === "data" ? countRun(node) : channels;
      return [name, map({ path, type: findType(node, fields, name), span: field, runBits, node: node.name })];
    }
    const isGroup = typeof field === "object" && field !== null && !Array.isArray(field);
    return [name, isGroup ? mapFields(node, channels, field as object, `${path}.`, map) : field];
  };
  return Object.fromEntries(Object.entries(fields).map(mapField));
}

function isSpan(field: unknown): field is Span {
  return typeof field === "object" && field !== null && "offset" in field && "bytes" in field;
}

function findType(node: Node, fields: object, name: string): Constant["type"] {
  if (name === "flips" || name === "minMask") return "u32";
  if (name === "data") return "kind" in fields && fields.kind === "float" ? "f32" : "u32";
  // Thresholds on the integer dot product; see Thresholds in schema/hybit.fbs.
  const isInteger = name === "values" && "weights" in node.attrs && node.attrs.inputKind === "binary" && node.attrs.weights.kind === "sign";
  return isInteger ? "i32" : "f32";
}

/** Count the weights of one filter at one tap. */
function countRun({ attrs }: Node): number {
  if ("inFeatures" in attrs) return attrs.inFeatures;
  return "inChannels" in attrs ? attrs.inChannels / attrs.groups : 0;
}
