// What a change of the net does to its outputs on calibration inputs: how far they move, and where the right classes are known, how many fewer
// are found. Runs both nets side by side, so that nothing but sums is kept.
import type { Tensors } from "../engine/model.ts";
import { listBest } from "../engine/top-k.ts";
import { PlanError } from "../graph/errors.ts";
import { type MeasureOptions, type Runs, takeTurn } from "./runs.ts";

export interface Change {
  images: number;
  /** Root mean square of the difference of the outputs, as a share of theirs. */
  divergence: number;
  /** Shares of the inputs whose best class is the right one, before and after; where those are given. */
  accuracy?: { before: number; after: number };
}

export interface ChangeOptions extends MeasureOptions {
  /** The right class of every input: the index of the highest score in the first output. */
  truth?: ArrayLike<number> | undefined;
}

/** Measure what becomes of `before` in `after`, two model files with the same inputs and outputs. Throws PlanError and RunError. */
export async function measureChange(before: Uint8Array, after: Uint8Array, runs: Runs, options: ChangeOptions): Promise<Change> {
  const { load, onRun, truth, signal } = options;
  const models = [await load(before), await load(after)] as const;
  const [first] = models[0].outputs;
  const classes = first?.shape.length === 2 ? (first.shape[1] as number) : 0;
  if (truth && classes === 0)
    throw new PlanError("invalid", `output "${first?.name}" is of shape [${first?.shape}], not one score a class, so no accuracy can be told`);
  const wrong = Array.from(truth ?? []).findIndex((label) => !(Number.isInteger(label) && label >= 0 && label < classes));
  if (wrong >= 0) throw new PlanError("invalid", `class number ${wrong} is ${truth?.[wrong]}; classes are 0 to ${classes - 1}`);
  let [images, difference, power] = [0, 0, 0];
  const right = [0, 0];
  for await (const inputs of runs) {
    const [old, changed] = models.map((model) => model.run(inputs)) as [Tensors, Tensors];
    power += sumSquares(old);
    difference += sumSquares(changed, old);
    const best = [old, changed].map((outputs) => (classes === 0 ? [] : listBest(outputs[first?.name as string] as Float32Array, classes)));
    best.forEach((list, which) => {
      right[which] = (right[which] as number) + list.filter((found, i) => found === truth?.[images + i]).length;
    });
    images += best[0]?.length || countItems(inputs, models[0].inputs[0]?.shape);
    onRun?.(images);
    await takeTurn(signal);
  }
  for (const model of models) model.dispose();
  if (images === 0)
    throw new PlanError("invalid", "there are no inputs to measure on; give some, and where they are given as an iterator, give an array");
  if (truth && truth.length !== images)
    throw new PlanError("invalid", `there are ${truth.length} class numbers but ${images} inputs; give one for each`);
  const divergence = power === 0 ? 0 : Math.sqrt(difference / power);
  if (!Number.isFinite(divergence)) throw new PlanError("invalid", "outputs are not finite on these inputs; give finite inputs");
  const [was = 0, is = 0] = right.map((count) => count / images);
  return { images, divergence, ...(truth && { accuracy: { before: was, after: is } }) };
}

/** What counts of a change: accuracy lost, at least 0, or without classes the divergence. */
export function sizeOf({ divergence, accuracy }: Change): number {
  return accuracy ? Math.max(0, accuracy.before - accuracy.after) : divergence;
}

function countItems(inputs: Tensors, shape: readonly number[] = []): number {
  const elems = shape.slice(1).reduce((a, b) => a * b, 1);
  return (Object.values(inputs)[0]?.length ?? 0) / elems;
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
