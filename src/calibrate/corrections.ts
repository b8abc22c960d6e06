// Estimates batch-norms again after weights were binarized without training, so that every binarized layer's outputs get back the mean and the
// deviation, per channel, that they have in the float net: what torch's update_bn does, for nets whose norms are folded. Runs models.
import { type Correction, listChosen, type WeightBinarization } from "../binarize/binarize-weights.ts";
import { hybridize } from "../binarize/passes.ts";
import type { Model, Tensors } from "../engine/model.ts";
import { writeModel } from "../format/write.ts";
import { PlanError, RunError } from "../graph/errors.ts";
import type { Graph, Numbers, Value } from "../graph/graph.ts";

/** Options of `estimateCorrections`. */
export interface CorrectionOptions {
  binarize: WeightBinarization;
  /** Names of the layers that are binarized; default: all but the first and the last. */
  layers?: readonly string[] | undefined;
  /** Opens a model file: the run side's `loadModel`, with room for a large net. */
  load: (bytes: Uint8Array) => Promise<Model>;
  /** Called before each layer. */
  onProgress?: ((progress: { step: string; done: number; total: number }) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * Estimate what `hybridize({ corrections })` does to the outputs of each binarized layer, by layer name, layer after layer with those before it
 * corrected. Throws PlanError without inputs, or when an output is not finite, and RunError when aborted.
 */
export async function estimateCorrections(
  graph: Graph<Numbers>,
  runs: readonly Tensors[],
  { binarize, layers, load, onProgress, signal }: CorrectionOptions,
): Promise<Map<string, Correction>> {
  if (runs.length === 0) throw new PlanError("invalid", "there are no inputs to estimate norms on; give some");
  const chosen = listChosen(graph.nodes, layers);
  const corrections = new Map<string, Correction>();
  for (const [done, { name, outputs }] of chosen.entries()) {
    onProgress?.({ step: name, done, total: chosen.length });
    const upTo = { ...graph, outputs };
    const value = graph.values[outputs[0] as number] as Value<Numbers>;
    const wanted = await measure(await load(writeModel(hybridize(upTo).graph)), runs, value, name);
    const found = await measure(await load(writeModel(hybridize(upTo, { binarize, layers, corrections }).graph)), runs, value, name);
    const scale = found.map(({ deviation }, c) => (deviation === 0 ? 1 : (wanted[c] as Moments).deviation / deviation));
    const bias = found.map(({ mean }, c) => (wanted[c] as Moments).mean - mean * (scale[c] as number));
    corrections.set(name, { scale: Float32Array.from(scale), bias: Float32Array.from(bias) });
    // Gives the signal a turn.
    await new Promise((resolve) => setTimeout(resolve, 0));
    if (signal?.aborted) throw new RunError("aborted", "estimating norms was aborted by its signal");
  }
  return corrections;
}

interface Moments {
  mean: number;
  deviation: number;
}

/** Mean and standard deviation of a value's channels over all runs; closes the model. */
async function measure(model: Model, runs: readonly Tensors[], { name, shape }: Value<Numbers>, layer: string): Promise<Moments[]> {
  const channels = shape[1] as number;
  const pixels = shape.slice(2).reduce((a, b) => a * b, 1);
  const sums = Array.from({ length: channels }, () => ({ count: 0, mean: 0, squares: 0 }));
  for (const inputs of runs) {
    const numbers = model.run(inputs)[name] as Float32Array;
    numbers.forEach((number, i) => {
      // Welford's updates: no large sums cancel.
      const channel = sums[Math.floor(i / pixels) % channels] as (typeof sums)[0];
      const distance = number - channel.mean;
      channel.mean += distance / ++channel.count;
      channel.squares += distance * (number - channel.mean);
    });
  }
  model.dispose();
  const wrong = sums.findIndex(({ squares }) => !Number.isFinite(squares));
  if (wrong >= 0) throw new PlanError("invalid", `channel ${wrong} of its output is not finite on the calibration inputs`, layer);
  return sums.map(({ count, mean, squares }) => ({ mean, deviation: Math.sqrt(squares / count) }));
}
