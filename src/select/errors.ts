// The input-binarization error of every sign that layers read, measured by running the model. Reads no files and prints nothing.
import { hybridize } from "../binarize/passes.ts";
import type { Tensors } from "../engine/model.ts";
import { writeModel } from "../format/write.ts";
import type { Graph, Numbers, Value } from "../graph/graph.ts";
import { type InputError, InputErrorMeter } from "./input-error.ts";
import { type MeasureOptions, type Runs, takeTurn } from "./runs.ts";
import type { SignedLayer } from "./signed-layers.ts";

/** Measure what each layer's sign does to its input, by layer name, and count the inputs. Throws RunError. */
export async function measureErrors(
  graph: Graph<Numbers>,
  layers: readonly SignedLayer[],
  runs: Runs,
  { load, onRun, signal }: MeasureOptions,
): Promise<{ errors: Map<string, InputError>; images: number }> {
  const read = [...new Set(layers.map(({ sign }) => sign.inputs[0] as number))];
  const made = read.filter((index) => !graph.inputs.includes(index));
  // A model that gives what the signs read.
  const model = made.length > 0 ? await load(writeModel(hybridize({ ...graph, outputs: made }).graph)) : undefined;
  const meters = new Map(layers.map(({ sign }) => [sign.name, { meter: new InputErrorMeter(), sign }]));
  let images = 0;
  for await (const inputs of runs) {
    const values: Tensors = { ...inputs, ...model?.run(inputs) };
    for (const { meter, sign } of meters.values()) {
      const { name, shape } = graph.values[sign.inputs[0] as number] as Value<Numbers>;
      const elems = shape.slice(1).reduce((a, b) => a * b, 1);
      const numbers = values[name] as Float32Array;
      for (let at = 0; at < numbers.length; at += elems) meter.add(numbers.subarray(at, at + elems), shape[1] ?? 1, sign.attrs.thresholds);
      images = meter.images;
    }
    onRun?.(images);
    await takeTurn(signal);
  }
  model?.dispose();
  return {
    images,
    errors: new Map(layers.map(({ layer, sign }) => [layer.name, (meters.get(sign.name) as { meter: InputErrorMeter }).meter.error])),
  };
}
