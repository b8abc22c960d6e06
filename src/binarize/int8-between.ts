// Lets layers hand int8 values to layers that read them: where every reader of a conv2d or dense layer's output has int8 inputs on one stored
// grid, the layer rounds to that grid as it writes, and the readers, which would have done the same, find their numbers made. Results
// stay the same to the bit. Scales that each run finds are unknown before the layer has run, so they stay with the readers.
import type { Quantize } from "../graph/attributes.ts";
import type { ElementType, Graph, Node, Numbers } from "../graph/graph.ts";
import type { LayerNode } from "./chain.ts";

/** Return the graph with int8 values between such layers; the given graph is left as it is. */
export function useInt8Between(graph: Graph<Numbers>): Graph<Numbers> {
  const types = new Map<number, ElementType>();
  const nodes = graph.nodes.map((node): Node<Numbers> => {
    const quantize = isLayer(node) && !node.attrs.thresholds ? findGrid(graph, node.outputs[0] ?? -1, types) : undefined;
    return quantize ? ({ ...node, attrs: { ...node.attrs, quantize } } as LayerNode) : node;
  });
  const values = graph.values.map((value, index) => ({ ...value, type: types.get(index) ?? value.type }));
  return { ...graph, nodes, values };
}

function isLayer(node: Node<Numbers>): node is LayerNode {
  return node.op === "conv2d" || node.op === "dense";
}

/** Find the one grid on which all readers take a value, through reshapes; notes in `types` what becomes int8 with it. */
function findGrid({ nodes, outputs }: Graph<Numbers>, value: number, types: Map<number, ElementType>): Quantize | undefined {
  const grids = new Map<string, Quantize>();
  const same = [value];
  for (const index of same) {
    const readers = nodes.filter(({ inputs }) => inputs.includes(index));
    if (outputs.includes(index) || readers.length === 0) return undefined;
    for (const reader of readers) {
      if (reader.op === "reshape") same.push(reader.outputs[0] ?? -1);
      else if (isLayer(reader) && readsGrid(reader, index)) {
        const { inputScale: scale, inputZeroPoint: zeroPoint } = reader.attrs;
        grids.set(`${scale} ${zeroPoint}`, { scale, zeroPoint });
      } else return undefined;
    }
  }
  if (grids.size !== 1) return undefined;
  for (const index of same) types.set(index, "i8");
  return [...grids.values()][0];
}

/** The value is what the layer multiplies, and nothing else. */
function readsGrid({ attrs, inputs }: LayerNode, value: number): boolean {
  return attrs.inputKind === "int8" && attrs.inputScale > 0 && inputs.indexOf(value) === 0 && inputs.lastIndexOf(value) === 0;
}
