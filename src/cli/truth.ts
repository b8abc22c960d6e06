// The --truth option: the right class of every input, and how many of them a model gets right.
import type { Model, Tensors } from "../engine/model.ts";
import { listBest } from "../engine/top-k.ts";
import { Failure } from "./failure.ts";
import { readNpy } from "./npy.ts";

/** Read class numbers, one an input. Throws Failure when they are not that. */
export function readTruth(bytes: Uint8Array, inputs: number, classes: number): Float32Array {
  const { shape, data } = readNpy(bytes);
  if (data.length !== inputs) throw new Failure(`it holds ${data.length} class numbers but there are ${inputs} inputs; give one for each`);
  const wrong = data.findIndex((label) => !(Number.isInteger(label) && label >= 0 && label < classes));
  if (wrong >= 0) throw new Failure(`entry ${wrong} of its shape [${shape}] is ${data[wrong]}; classes are 0 to ${classes - 1}`);
  return data;
}

/** Count the classes of a model's first output. Throws Failure when that is no list of scores for each input. */
export function countClasses({ outputs: [first] }: Model): number {
  if (first?.shape.length === 2) return first.shape[1] as number;
  throw new Failure(`output "${first?.name}" is of shape [${first?.shape}], not one score a class, so no accuracy can be told`);
}

/** Find the best class of each item of the first output. */
export function classifyRuns(model: Model, runs: readonly Tensors[]): number[] {
  const classes = countClasses(model);
  return runs.flatMap((inputs) => classifyRun(model, inputs, classes));
}

/** The same of one run. */
export function classifyRun(model: Model, inputs: Tensors, classes: number): number[] {
  return listBest(model.run(inputs)[model.outputs[0]?.name ?? ""] as Float32Array, classes);
}

/** Share of entries that are equal. */
export function shareEqual(found: readonly number[], wanted: ArrayLike<number>): number {
  return found.filter((label, i) => label === wanted[i]).length / found.length;
}
