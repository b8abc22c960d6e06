// Says for every conv2d and dense layer of the finished graph what it became and why, and writes the short form of
// it into the nodes' notes, which `inspect` shows. Counts bytes; changes nothing else.
import type { InputKind, WeightKind } from "../graph/attributes.ts";
import type { ElementType, Graph, Node, Numbers, Shape } from "../graph/graph.ts";
import { countFloatBytes, type LayerKind, layerKind } from "../ops/layer-kind.ts";
import { describeGrid } from "./int8-inputs.ts";
import { type Reasons, spellNode } from "./pass.ts";

/** What became of one layer, and why. */
export interface LayerReport {
  name: string;
  op: "conv2d" | "dense";
  kind: LayerKind;
  weights: WeightKind;
  input: InputKind;
  output: ElementType;
  /** Output shape; -1 is any batch. */
  shape: Shape;
  /** One sentence: why the layer is what it is. */
  reason: string;
  /** Stored constants of the layer. */
  bytes: number;
  /** The same layer as float32 weights and bias; 0 for the second and later of layers that one was split into. */
  floatBytes: number;
}

/** What became of a net, layer by layer. */
export interface BinarizeReport {
  layers: LayerReport[];
  /** Stored constants of the whole graph. */
  bytes: number;
  /** The same with every layer in float32. */
  floatBytes: number;
}

export function reportOn(graph: Graph<Numbers>, reasons: ReadonlyMap<string, Reasons>): BinarizeReport {
  const layers = graph.nodes.flatMap((node) =>
    node.op === "conv2d" || node.op === "dense" ? [reportLayer(graph, node, reasons.get(node.name) ?? {})] : [],
  );
  const bytes = countBytes([graph.nodes.map(({ attrs }) => attrs), graph.values]);
  const floatBytes = bytes + layers.reduce((sum, layer) => sum + layer.floatBytes - layer.bytes, 0);
  return { layers, bytes, floatBytes };
}

function reportLayer(graph: Graph<Numbers>, node: Extract<Node<Numbers>, { op: "conv2d" | "dense" }>, reasons: Reasons): LayerReport {
  const { weights, inputKind } = node.attrs;
  const output = graph.values[node.outputs[0] ?? -1];
  const kind = layerKind(node.attrs);
  const reason = [
    reasons.partOf && `part of ${reasons.partOf}`,
    reasons.binarized,
    reasons.weights,
    reasons.input,
    describeGrid(node.attrs),
    reasons.fused,
    reasons.output ?? describeOutput(graph, node),
  ]
    .filter((part) => part !== undefined)
    .join("; ");
  node.note = `${kind}: ${reason}`;
  return {
    name: node.name,
    op: node.op,
    kind,
    weights: weights.kind,
    input: inputKind,
    output: output?.type ?? "f32",
    shape: output?.shape ?? [],
    reason,
    bytes: countBytes(node.attrs),
    floatBytes: reasons.partOf ? 0 : countFloatBytes(node.attrs),
  };
}

function describeOutput(graph: Graph<Numbers>, node: Node<Numbers>): string {
  const output = node.outputs[0] ?? -1;
  const type = graph.values[output]?.type;
  if (type === "bits" || type === "i8") return `output is ${type === "i8" ? "int8, as its readers take it" : "bits"}`;
  if (graph.outputs.includes(output)) return "output is float: it is the model's output";
  const readers = graph.nodes.filter((other) => other.inputs.includes(output)).map(spellNode);
  return `output is float: ${readers.join(", ")} ${readers.length === 1 ? "reads" : "read"} it`;
}

/** Sum the bytes of all typed arrays in a piece of the graph. */
function countBytes(piece: unknown): number {
  if (ArrayBuffer.isView(piece)) return piece.byteLength;
  if (typeof piece !== "object" || piece === null) return 0;
  return Object.values(piece).reduce((sum: number, part) => sum + countBytes(part), 0);
}
