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

export interface MeasuredInputs {
  images: number;
  /** What each layer's sign does to its input, by layer name. */
  errors: Map<string, InputError>;
  /** What a real input in its place does to the outputs: root mean square of the difference, as a share of theirs. By layer name, if asked for. */
  divergences: Map<string, number>;
}

/** Measure errors, and with `alone` divergences, with one layer at a time switched, on all runs. Throws RunError. */
export async function measureInputs(
  graph: Graph<Numbers>,
  layers: readonly SignedLayer[],
  runs: Runs,
  { load, onRun, signal, alone = false }: MeasureOptions & { alone?: boolean },
): Promise<MeasuredInputs> {
  const read = [...new Set(layers.map(({ sign }) => sign.inputs[0] as number))];
  const made = read.filter((index) => !graph.inputs.includes(index));
  // A model that gives what the signs read.
  const model = made.length > 0 ? await load(toModel({ ...graph, outputs: made })) : undefined;
  const meters = new Map(layers.map(({ sign }) => [sign.name, { meter: new InputErrorMeter(), sign }]));
  const whole = alone ? await load(toModel(graph)) : undefined;
  const switched = await Promise.all(
    (alone ? layers : []).map(async ({ layer: { name } }) => ({ name, model: await load(toModel(keepInputsReal(graph, [name]))), difference: 0 })),
  );
  let [images, power] = [0, 0];
  for await (const inputs of runs) {
    const values: Tensors = { ...inputs, ...model?.run(inputs) };
    for (const { meter, sign } of meters.values()) {
      const { name, shape } = graph.values[sign.inputs[0] as number] as Value<Numbers>;
      const elems = shape.slice(1).reduce((a, b) => a * b, 1);
      const numbers = values[name] as Float32Array;
      for (let at = 0; at < numbers.length; at += elems) meter.add(numbers.subarray(at, at + elems), shape[1] ?? 1, sign.attrs.thresholds);
      images = meter.images;
    }
    const outputs = whole?.run(inputs) ?? {};
    power += sumSquares(outputs);
    for (const each of switched) each.difference += sumSquares(each.model.run(inputs), outputs);
    onRun?.(images);
    // Gives the signal a turn.
    await new Promise((resolve) => setTimeout(resolve, 0));
    if (signal?.aborted) throw new RunError("aborted", "measuring was aborted by its signal");
  }
  for (const each of [model, whole, ...switched.map((other) => other.model)]) each?.dispose();
  return {
    images,
    divergences: new Map(switched.map(({ name, difference }) => [name, power === 0 ? 0 : Math.sqrt(difference / power)])),
    errors: new Map(layers.map(({ layer, sign }) => [layer.name, (meters.get(sign.name) as { meter: InputErrorMeter }).meter.error])),
  };
}

export interface LayerCost {
  macs: number;
  /** Milliseconds of its kernel with binary inputs, the least of some medians; and what real inputs add, at least a microsecond. */
  ms: number;
  addedMs: number;
}

/** Time layers with binary inputs and with real ones, on zeros, taking turns; count the MACs of every layer, and the time of the net as it is. */
export async function measureCosts(
  graph: Graph<Numbers>,
  layers: readonly SignedLayer[],
  { load }: MeasureOptions,
  rounds = 5,
): Promise<{ costs: Map<string, LayerCost>; macs: Map<string, number>; ms: number }> {
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
  const ms = [...(times[0]?.keys() ?? [])].reduce((sum, name) => sum + leastOf(0, name), 0);
  return { costs: new Map(costs), macs, ms };
}

/** Sum the squares of all outputs, or of their differences from others. */
function sumSquares(tensors: Tensors, others?: Tensors): number {
  let sum = 0;
  for (const [name, numbers] of Object.entries(tensors)) {
    const from = others?.[name];
    for (let i = 0; i < numbers.length; i++) sum += ((numbers[i] as number) - (from?.[i] ?? 0)) ** 2;
  }
  return sum;
}

/** Make of the float graph the file that a conversion would make. */
function toModel(graph: Graph<Numbers>): Uint8Array {
  return writeModel(hybridize(graph).graph);
}
