// Replaces a layer by a sum of layers of its shape: for weights in several planes, and for inputs in several.
import type { Weights } from "../graph/attributes.ts";
import type { Numbers } from "../graph/graph.ts";
import { namePlane } from "../ops/layer-kind.ts";
import type { LayerNode } from "./chain.ts";
import type { Draft } from "./draft.ts";
import { explain, type PassContext } from "./pass.ts";

export interface Part {
  input: number;
  weights: Weights<Numbers>;
  /** Of a conv2d; default as it was. */
  padValue?: -1 | 0 | 1;
}

/** Make the layer the first part, and add to what it makes what copies of it make of the others. */
export function replaceBySum(draft: Draft, layer: LayerNode, [first, ...others]: readonly [Part, ...Part[]], context: PassContext): void {
  const { name } = layer;
  const result = draft.outputOf(layer);
  const addValue = (as: string) => draft.addValue(as, "f32", draft.shapeOf(result));
  let sum = others.length > 0 ? addValue(namePlane(name, 1)) : result;
  const parts = others.map((part, index) => ({ ...take(layer, part), name: namePlane(name, index + 2) }));
  Object.assign(layer, take(layer, first), { outputs: [sum] });
  parts.forEach((part, index) => {
    const output = addValue(part.name);
    draft.addNode({ ...part, outputs: [output] });
    explain(context, part.name, { partOf: name });
    const total = index === parts.length - 1 ? result : addValue(`${part.name}_sum`);
    draft.addNode({ name: `${part.name}_add`, op: "elementwise", attrs: { kind: "add" }, inputs: [sum, output], outputs: [total] });
    sum = total;
  });
}

function take(layer: LayerNode, { input, weights, padValue }: Part): LayerNode {
  const inputs = [input, ...layer.inputs.slice(1)];
  if (layer.op === "dense") return { ...layer, inputs, attrs: { ...layer.attrs, weights } };
  return { ...layer, inputs, attrs: { ...layer.attrs, weights, padValue: padValue ?? layer.attrs.padValue } };
}
