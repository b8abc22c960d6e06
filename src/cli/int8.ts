// What int8 inputs cost a model: runs it with and without them on the same inputs. On given inputs also finds the range of what each layer
// reads. Writes nothing and prints nothing.
import { listInt8Layers } from "../binarize/int8-inputs.ts";
import type { Int8Layers } from "../convert.ts";
import type { Inputs, Model, Tensors } from "../engine/model.ts";
import { topK } from "../engine/top-k.ts";
import { materialize, readModelBytes } from "../format/materialize.ts";
import { writeModel } from "../format/write.ts";
import { atBatch, countElements } from "../graph/graph.ts";
import { loadModel } from "../index.ts";
import { Random } from "../zoo/random.ts";
import { Failure, UsageError } from "./failure.ts";
import type { NpyArray } from "./npy.ts";
import { countItems } from "./tensors.ts";
import { spellShare } from "./units.ts";

export interface Comparison {
  /** Items of all runs. */
  inputs: number;
  /** Largest difference, as a share of the range of the output it is in. */
  difference: number;
  /** Of how many items the first output, if it is [N,C], has its largest entry at the same place. */
  sameTop1?: number;
}

/** Items that are compared when none are given. Arbitrary: enough to see a layer that does not bear rounding. */
const RANDOM_ITEMS = 16;

/** A workstation's. */
const MAX_MEMORY = 2 ** 31;

/** Load a model to compare with. */
export function loadForComparison(bytes: Uint8Array): Promise<Model> {
  return loadModel(bytes, { maxMemory: MAX_MEMORY });
}

/** Draw seeded inputs between -1 and 1, one entry a run. */
export function drawInputs({ inputs }: Model): Tensors[] {
  const random = new Random(1);
  const runs = Math.ceil(RANDOM_ITEMS / itemsPerRun(inputs));
  const draw = (elems: number) => Float32Array.from({ length: elems }, () => random.float(-1, 1));
  return Array.from({ length: runs }, () => Object.fromEntries(inputs.map(({ name, shape }) => [name, draw(countElements(atBatch(shape, 1)))])));
}

/** Cut an array into runs. Throws Failure when it does not fit the model's input, and UsageError when that has several. */
export function cutInputs({ inputs }: Model, array: NpyArray): Tensors[] {
  const [input] = inputs;
  if (input === undefined || inputs.length > 1) throw new UsageError(`--calibrate needs a model with one input, and this one has ${inputs.length}`);
  const items = countItems(input, array);
  const step = itemsPerRun(inputs);
  if (items === 0 || items % step !== 0) throw new Failure(`it holds ${items} items but the model takes ${step} at a time`);
  const runElems = (array.data.length / items) * step;
  return Array.from({ length: items / step }, (_, run) => ({ [input.name]: array.data.subarray(run * runElems, (run + 1) * runElems) }));
}

/** Find the largest |x| at the input of the layers that would take int8, by layer name, on a model without them. */
export async function findRanges(bytes: Uint8Array, which: Int8Layers, runs: readonly Tensors[]): Promise<Map<string, number>> {
  const { graph: stored, data } = readModelBytes(bytes);
  const graph = materialize(stored, data);
  const layers = listInt8Layers(graph, which);
  const read = layers.map(({ inputs }) => inputs[0] as number);
  const made = [...new Set(read)].filter((index) => !graph.inputs.includes(index));
  // A model that gives what the layers read; without any, the inputs are all there is to look at.
  const model = made.length > 0 ? await loadForComparison(writeModel({ ...graph, outputs: made })) : undefined;
  const ranges = new Map<string, number>();
  for (const inputs of runs) {
    const values = { ...inputs, ...model?.run(inputs) };
    const largest = new Map(Object.entries(values).map(([name, numbers]) => [name, numbers.reduce((most, x) => Math.max(most, Math.abs(x)), 0)]));
    layers.forEach(({ name }, at) => {
      const value = graph.values[read[at] as number]?.name ?? "";
      ranges.set(name, Math.max(ranges.get(name) ?? 0, largest.get(value) ?? 0));
    });
  }
  return ranges;
}

/** Run both models on the same inputs. */
export function compareModels(plain: Model, rounded: Model, runs: readonly Tensors[]): Comparison {
  const results = runs.map((inputs) => {
    const [floats, numbers] = pairInputs(rounded, inputs);
    return [plain.run(floats), rounded.run(numbers)] as const;
  });
  const differences = plain.outputs.map(({ name }) => {
    let [low, high, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
    for (const [a, b] of results) {
      a[name]?.forEach((value, i) => {
        low = Math.min(low, value);
        high = Math.max(high, value);
        most = Math.max(most, Math.abs(value - (b[name]?.[i] as number)));
      });
    }
    return most === 0 ? 0 : most / (high - low);
  });
  const inputs = runs.length * itemsPerRun(plain.inputs);
  const [first] = plain.outputs;
  const difference = Math.max(...differences);
  if (first?.shape.length !== 2) return { inputs, difference };
  const classes = first.shape[1] as number;
  const sameTop1 = results.reduce((sum, [a, b]) => sum + countSame(a[first.name] as Float32Array, b[first.name] as Float32Array, classes), 0);
  return { inputs, difference, sameTop1 };
}

/** The same inputs for both models: where the rounded one takes pixels, those that the floats come nearest to. */
function pairInputs({ inputs, metadata: { preprocess } }: Model, given: Tensors): [Tensors, Inputs] {
  const [input] = inputs;
  if (input?.type !== "i8" || preprocess === undefined) return [given, given];
  const [mean = 0, std = 1] = [preprocess.mean[0], preprocess.std[0]];
  const pixels = (given[input.name] as Float32Array).map((x) => Math.min(255, Math.max(0, Math.round(255 * (x * std + mean)))));
  return [{ [input.name]: pixels.map((pixel) => (pixel / 255 - mean) / std) }, { [input.name]: Int8Array.from(pixels, (pixel) => pixel - 128) }];
}

/** "on 16 random inputs outputs differ by 0.4 % of their range at most, the same top-1 on 16 of 16" */
export function spellComparison({ inputs, difference, sameTop1 }: Comparison, kind: string): string {
  const what = `on ${inputs} ${kind} ${inputs === 1 ? "input" : "inputs"} outputs differ by ${spellShare(difference)} of their range at most`;
  return sameTop1 === undefined ? what : `${what}, the same top-1 on ${sameTop1} of ${inputs}`;
}

function itemsPerRun(inputs: Model["inputs"]): number {
  return Math.max(1, inputs[0]?.shape[0] ?? 1);
}

function countSame(a: Float32Array, b: Float32Array, classes: number): number {
  const topOf = (scores: Float32Array, row: number) => topK(scores.subarray(row * classes, (row + 1) * classes), 1)[0]?.index;
  return Array.from({ length: a.length / classes }, (_, row) => row).filter((row) => topOf(a, row) === topOf(b, row)).length;
}
