// What `inspect` says about each layer of a model file: its kind, what it stores and what that would be in float,
// and the multiply-accumulates it does.
import { inferTypes } from "../engine/planner.ts";
import { listConstants } from "../format/constants.ts";
import type { LayerAttrs, OpName } from "../graph/attributes.ts";
import type { ElementType, Graph, Node, Shape, Span } from "../graph/graph.ts";
import { countFloatBytes, type LayerKind, layerKind, layerOfPlane, spellStages } from "../ops/layer-kind.ts";
import type { Type } from "../ops/op.ts";

/** One node of the graph. */
export interface Layer {
  name: string;
  op: OpName;
  /** conv2d and dense only. */
  kind?: LayerKind;
  /** Bits per element of the input, of a weight (conv2d and dense only) and of the output. */
  inputBits: number;
  weightBits?: number;
  outputBits: number;
  /** Levels of binary weights: "sign" +-alpha, "two-level" alpha and beta. */
  levels?: "sign" | "two-level";
  /** What a conv2d or dense layer does besides, in order: add, prelu, relu, clip, affine. */
  stages?: string[];
  outputShape: Shape;
  /** Bytes of the stored constants, and of the same layer with f32 weights and bias (thresholds replace a bias); 0 for the second and later of layers that one was split into. */
  bytes: number;
  floatBytes: number;
  macs: number;
  note?: string;
}

export interface Totals {
  bytes: number;
  floatBytes: number;
  /** Multiply-accumulates by the kind of layer that does them. */
  macs: Record<LayerKind, number>;
}

/** Describe every node for one batch size. `macsOf` is asked with a node's name. */
export function describeLayers(graph: Graph, batch: number, macsOf: (node: string) => number): Layer[] {
  const types = inferTypes(graph, batch);
  const constants = listConstants(graph);
  return graph.nodes.map((node) => {
    const inputs = node.inputs.map((index) => types[index] as Type);
    const output = types[node.outputs[0] as number] as Type;
    const bytes = constants.reduce((sum, { data, node: owner }) => sum + (owner === node.name ? data.bytes : 0), 0);
    const weighted = node.op === "conv2d" || node.op === "dense" ? describeWeights(node, isPlane(graph, node)) : undefined;
    const inputBits = weighted?.inputBits ?? bitsOf(inputs[0]?.type);
    return {
      name: node.name,
      op: node.op,
      floatBytes: bytes,
      ...weighted,
      inputBits,
      outputBits: bitsOf(output.type),
      outputShape: output.shape,
      bytes,
      macs: macsOf(node.name),
      note: node.note,
    };
  });
}

/** Sum over the layers and the constants that are values of the graph. */
export function addUp(graph: Graph, layers: readonly Layer[]): Totals {
  const constants = graph.values.reduce((total, { constant }) => total + (constant?.bytes ?? 0), 0);
  const sum = (of: (layer: Layer) => number) => layers.reduce((total, layer) => total + of(layer), 0);
  const macsOf = (kind: LayerKind) => sum((layer) => (layer.kind === kind ? layer.macs : 0));
  return {
    bytes: constants + sum(({ bytes }) => bytes),
    floatBytes: constants + sum(({ floatBytes }) => floatBytes),
    macs: { FPrec: macsOf("FPrec"), WBin: macsOf("WBin"), FBin: macsOf("FBin") },
  };
}

type Weighted = Extract<Node, { op: "conv2d" | "dense" }>;

/** It is the second or a later of the layers that one was split into. */
function isPlane({ nodes }: Graph, { name, op }: Node): boolean {
  const layer = layerOfPlane(name);
  return layer !== undefined && nodes.some((other) => other.name === layer && other.op === op);
}

function describeWeights(node: Weighted, isPart: boolean): Pick<Layer, "kind" | "inputBits" | "weightBits" | "levels" | "stages" | "floatBytes"> {
  const { inputKind, weights, epilogue }: LayerAttrs<Span> = node.attrs;
  const inputBits = { float: 32, int8: 8, binary: 1 }[inputKind];
  const levels = weights.kind === "float" ? undefined : weights.kind;
  return {
    kind: layerKind(node.attrs),
    inputBits,
    weightBits: levels === undefined ? 32 : 1,
    levels,
    ...(epilogue && { stages: spellStages(epilogue) }),
    floatBytes: isPart ? 0 : countFloatBytes(node.attrs),
  };
}

function bitsOf(type: ElementType | undefined): number {
  return type === "bits" ? 1 : type === "i8" ? 8 : 32;
}
