// Chooses layers whose real inputs are read on the int8 grid, where the engine has faster kernels for it: those that read the model's
// input, and those with binary weights. This rounds, so it happens only when asked for. Computes no ranges: it is given them.
import type { LayerAttrs } from "../graph/attributes.ts";
import type { Graph, Node, Numbers } from "../graph/graph.ts";
import { planRealWeights } from "../ops/real-weights.ts";
import type { LayerNode } from "./chain.ts";

/** first: layers that read the model's input. wbin: layers with real inputs and binary weights. all: both. */
export const INT8_LAYERS = ["first", "wbin", "all"] as const;

/** Which layers read real inputs as int8: the one at the model's input, those with binary weights, or both. */
export type Int8Layers = (typeof INT8_LAYERS)[number];

/** The largest magnitude of an int8 that has its negative. */
const INT8_MAX = 127;

/**
 * Return the graph with int8 inputs at the chosen layers; the given graph is left as it is. `ranges` holds the largest |x| at the input of layers,
 * by layer name; a layer that is not in it takes the scale of each image in each run.
 */
export function useInt8Inputs(graph: Graph<Numbers>, which: Int8Layers, ranges?: ReadonlyMap<string, number>): Graph<Numbers> {
  const chosen = new Set<Node<Numbers>>(listInt8Layers(graph, which));
  const nodes = graph.nodes.map((node): Node<Numbers> => {
    if (!chosen.has(node)) return node;
    // As the file holds it.
    const inputScale = Math.fround((ranges?.get(node.name) ?? 0) / INT8_MAX);
    return { ...node, attrs: { ...node.attrs, inputKind: "int8", inputScale, inputZeroPoint: 0 } } as LayerNode;
  });
  return { ...graph, nodes };
}

/** List the layers that would take, or have taken, int8 inputs. */
export function listInt8Layers({ nodes, values, inputs }: Graph<Numbers>, which: Int8Layers): LayerNode[] {
  return nodes.filter((node): node is LayerNode => {
    if ((node.op !== "conv2d" && node.op !== "dense") || node.attrs.inputKind === "binary") return false;
    const hasBitWeights = node.attrs.weights.kind !== "float";
    const isFirst = inputs.includes(node.inputs[0] ?? -1);
    const isWanted = (which !== "wbin" && isFirst) || (which !== "first" && hasBitWeights);
    return isWanted && (hasBitWeights ? !isDepthwise(node) : fitsPairs(node, values[node.outputs[0] ?? -1]?.shape ?? []));
  });
}

/** Say how a layer finds its int8 grid, for its note. */
export function describeGrid({ inputKind, inputScale }: LayerAttrs<unknown>): string | undefined {
  if (inputKind !== "int8") return undefined;
  return `int8 inputs: ${inputScale === 0 ? "scale of each run" : `scale ${Number(inputScale.toPrecision(3))} from calibration`}`;
}

/** Depthwise kernels read floats. */
function isDepthwise({ op, attrs }: LayerNode): boolean {
  return op === "conv2d" && attrs.groups > 1 && attrs.groups === attrs.inChannels;
}

/** Real weights have one fast kernel for int8 inputs; what does not fit it is better off with floats. */
function fitsPairs({ op, attrs }: LayerNode, [, , outHeight = 1, outWidth = 1]: readonly number[]): boolean {
  return op === "conv2d" && planRealWeights({ ...attrs, inputKind: "int8", inputZeroPoint: 0 }, 1, outHeight, outWidth) !== undefined;
}
