// Lets a model take 8-bit pixels where it took floats. With one mean and one deviation for all channels, and a mean that is a whole pixel,
// what preprocessing makes of pixels lies on an int8 grid: q = pixel - 128 (of inverted pixels, if the model inverts), so nothing is rounded.
import { LoadError } from "../graph/errors.ts";
import type { Graph, Node, Numbers, Preprocess } from "../graph/graph.ts";
import type { LayerNode } from "./chain.ts";
import { listInt8Layers } from "./int8-inputs.ts";

/** The int8 of a black pixel. */
const BLACK = -128;

/** Return the graph with its input as int8; the given graph is left as it is. Throws LoadError saying what is in the way. */
export function useByteInput(graph: Graph<Numbers>): Graph<Numbers> {
  const [input, ...others] = graph.inputs;
  if (input === undefined || others.length > 0) throw refuse(`the model has ${graph.inputs.length} inputs, and pixels fill one`);
  const { scale, zeroPoint } = findGrid(graph.metadata.preprocess);
  const fitting = new Set<Node<Numbers>>(listInt8Layers(graph, "first"));
  const nodes = graph.nodes.map((node): Node<Numbers> => {
    if (!node.inputs.includes(input)) return node;
    if (!fitting.has(node) || node.inputs.lastIndexOf(input) > 0)
      throw refuse("it reads the model's input and has no fast kernel for int8", node.name);
    return { ...node, attrs: { ...node.attrs, inputKind: "int8", inputScale: scale, inputZeroPoint: zeroPoint } } as LayerNode;
  });
  const values = graph.values.map((value, index) => (index === input ? { ...value, type: "i8" as const } : value));
  return { ...graph, nodes, values };
}

/** Find scale and zero point with which (pixel / 255 - mean) / std is scale (q - zeroPoint). */
function findGrid(rule: Preprocess | undefined): { scale: number; zeroPoint: number } {
  if (rule === undefined) throw refuse("the model does not say how images become its input; give it with preprocess");
  const [mean = 0, std = 1] = [rule.mean[0], rule.std[0]];
  const isOne = rule.mean.every((each) => each === mean) && rule.std.every((each) => each === std);
  if (!isOne) throw refuse(`channels have means ${rule.mean.join(", ")} and deviations ${rule.std.join(", ")}; one of each is needed for all`);
  const pixel = Math.round(255 * mean);
  const isWhole = Math.abs(255 * mean - pixel) < 1e-3 && pixel >= 0 && pixel <= 255;
  if (!isWhole) throw refuse(`the mean, ${mean}, is pixel ${Number((255 * mean).toPrecision(6))}, which must be whole and from 0 to 255`);
  return { scale: Math.fround(1 / (255 * std)), zeroPoint: BLACK + pixel };
}

function refuse(reason: string, node?: string): LoadError {
  return new LoadError("unsupported", `8-bit pixels cannot be the input: ${reason}`, node);
}
