// What a selection is made of, measured: the input-binarization error of every sign that layers read, and what a layer costs with binary and
// with real inputs. Runs models; reads no files and prints nothing.
import { hybridize } from "../binarize/passes.ts";
import type { Model, Tensors } from "../engine/model.ts";
import { writeModel } from "../format/write.ts";
import { RunError } from "../graph/errors.ts";
import type { Graph, Numbers, Value } from "../graph/graph.ts";
import { type InputError, InputErrorMeter } from "./input-error.ts";
import { keepInputsReal, type SignedLayer } from "./signed-layers.ts";

/** Inputs of one run, by name; batches where the model takes them. */
export type Runs = Iterable<Tensors> | AsyncIterable<Tensors>;

export interface MeasureOptions {
  /** Opens a model file: the run side's `loadModel`, with room for a large net. */
  load: (bytes: Uint8Array) => Promise<Model>;
  /** Called after every run. */
  onRun?: ((images: number) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** Measure what each layer's sign does to its input, by layer name, on all runs. Throws RunError. */
export async function measureErrors(
  graph: Graph<Numbers>,
  layers: readonly SignedLayer[],
  runs: Runs,
  { load, onRun, signal }: MeasureOptions,
): Promise<{ images: number; errors: Map<string, InputError> }> {
  const read = [...new Set(layers.map(({ sign }) => sign.inputs[0] as number))];
  const made = read.filter((index) => !graph.inputs.includes(index));
  // A model that gives what the signs read.
  const model = made.length > 0 ? await load(toModel({ ...graph, outputs: made })) : undefined;
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
    // Gives the signal a turn.
    await new Promise((resolve) => setTimeout(resolve, 0));
    if (signal?.aborted) throw new RunError("aborted", "measuring was aborted by its signal");
  }
  model?.dispose();
  return {
    images,
    errors: new Map(layers.map(({ layer, sign }) => [layer.name, (meters.get(sign.name) as { meter: InputErrorMeter }).meter.error])),
  };
}

export interface LayerCost {
  macs: number;
  /** Milliseconds of its kernel with binary inputs, the least of some medians; and what real inputs add, at least a microsecond. */
  ms: number;
  addedMs: number;
}

/** Time layers with binary inputs and with real ones, on zeros, taking turns; and count the MACs of every layer of the net. */
export async function measureCosts(
  graph: Graph<Numbers>,
  layers: readonly SignedLayer[],
  { load }: MeasureOptions,
  rounds = 5,
): Promise<{ costs: Map<string, LayerCost>; macs: Map<string, number> }> {
  const names = layers.map(({ layer }) => layer.name);
  const models = [await load(toModel(graph)), await load(toModel(keepInputsReal(graph, names)))];
  const times = models.map(() => new Map<string, number[]>());
  const macs = new Map<string, number>();
  for (let round = 0; round < rounds; round++) {
    models.forEach((model, which) => {
      for (const { node, ms, macs: count } of model.profile({ runs: 5, warmup: round === 0 ? 5 : 1 })) {
        const known = times[which] as Map<string, number[]>;
        known.set(node, [...(known.get(node) ?? []), ms]);
        macs.set(node, count);
      }
    });
  }
  for (const model of models) model.dispose();
  const leastOf = (which: number, name: string) => Math.min(...(times[which]?.get(name) ?? [0]));
  const costs = names.map((name): [string, LayerCost] => {
    const [ms, real] = [leastOf(0, name), leastOf(1, name)];
    return [name, { macs: macs.get(name) ?? 0, ms, addedMs: Math.max(0.001, real - ms) }];
  });
  return { costs: new Map(costs), macs };
}

/** Make of the float graph the file that a conversion would make. */
function toModel(graph: Graph<Numbers>): Uint8Array {
  return writeModel(hybridize(graph).graph);
}
