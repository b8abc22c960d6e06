// A hybit graph as plain ONNX: standard operators on floats, binary weights as floats of one or two levels, signs as
// Where. Any runtime runs it, so it serves comparisons and viewers; nothing of the speed or size of bits is left.
import type { OpName } from "../../graph/attributes.ts";
import type { Graph, Metadata, Numbers, Value } from "../../graph/graph.ts";
import { openConstant } from "./constants.ts";
import { type Exporter, OnnxDraft, type Place } from "./draft.ts";
import { encodeModel } from "./model.ts";
import { EXPORTERS } from "./ops/table.ts";

/** Write a graph as an ONNX model. Bits of inputs and outputs are floats of +1 and -1 in it. */
export function exportOnnx({ name, values, nodes, inputs, outputs, metadata }: Graph<Numbers>): Uint8Array {
  const valueAt = (index: number) => values[index] as Value<Numbers>;
  const draft = new OnnxDraft(values.map((value) => value.name));
  for (const value of values) {
    if (value.constant) draft.initializers.push({ name: value.name, dims: value.shape, data: openConstant(value, value.constant) });
  }
  for (const node of nodes) {
    const operands = node.inputs.map((index) => valueAt(index).name) as unknown as Place["inputs"];
    const exporter = EXPORTERS[node.op] as Exporter<OpName>;
    draft.spell(node.name, valueAt(node.outputs[0] as number).name, operands, valueAt(node.inputs[0] as number).shape, (place) =>
      exporter(node.attrs, place),
    );
  }
  const ends = new Set([...inputs, ...outputs]);
  return encodeModel({
    name,
    nodes: draft.nodes,
    initializers: draft.initializers,
    inputs: inputs.map(valueAt),
    outputs: outputs.map(valueAt),
    values: values.filter(({ constant }, index) => constant === undefined && !ends.has(index)),
    metadata: spellMetadata(metadata),
  });
}

/** Own entries as they are; what is a list or a record, as JSON. */
function spellMetadata({ labels, preprocess, entries, ...texts }: Metadata): Record<string, string> {
  const spelled = {
    ...entries,
    ...texts,
    labels: labels.length > 0 ? JSON.stringify(labels) : undefined,
    preprocess: preprocess && JSON.stringify(preprocess),
  };
  return Object.fromEntries(Object.entries(spelled).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
