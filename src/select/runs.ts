// What everything that measures by running a model is given.
import type { Model, Tensors } from "../engine/model.ts";
import { RunError } from "../graph/errors.ts";

/** Inputs of one run, by name; batches where the model takes them. Read from the start several times: an array, or an object whose iterator starts anew. */
export type Runs = Iterable<Tensors> | AsyncIterable<Tensors>;

export interface MeasureOptions {
  /** Opens a model file: the run side's `loadModel`, with room for a large net. */
  load: (bytes: Uint8Array) => Promise<Model>;
  /** Called after every run, with the inputs that this step has seen. */
  onRun?: ((images: number) => void) | undefined;
  /** Called before each step, each of which reads all inputs. */
  onStep?: ((progress: { step: string; done: number; total: number }) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** Give the signal a turn. Throws RunError when it says stop. */
export async function takeTurn(signal: AbortSignal | undefined): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
  if (signal?.aborted) throw new RunError("aborted", "measuring was aborted by its signal");
}
