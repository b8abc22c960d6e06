// Classifies pictures with a model: pixels in, ranked labels out, with the time it took.
import { type Ranked, topK } from "../engine/top-k.ts";
import { countPlanes, type Preprocess } from "../graph/graph.ts";
import { type Pixels, preprocess } from "../image/preprocess.ts";
import { Failure } from "./failure.ts";
import type { Picture } from "./images.ts";
import type { OpenModel } from "./model-file.ts";

export interface RankedLabel extends Ranked {
  /** 0..1 */
  probability: number;
}

export interface Result {
  file: string;
  /** Line of a stroke file, from 1. */
  line?: number;
  /** What the drawing is said to show. */
  word?: string;
  /** Best first. */
  top: RankedLabel[];
  /** Milliseconds of the run, without decoding and preprocessing. */
  ms: number;
  /** What the model saw, as a grey image; ink is what it gets as high values. */
  seen: Pixels;
}

/** Say whether the model can classify pictures at all. Throws Failure. */
export function requirePreprocess({ path, model }: OpenModel): Preprocess {
  const rule = model.metadata.preprocess;
  if (rule === undefined) {
    throw new Failure(
      `${path}: the model does not say how images become its input; convert it again with --preprocess, or give it numbers: --input x.npy --out DIR`,
    );
  }
  if (model.inputs.length !== 1) {
    throw new Failure(`${path}: the model has ${model.inputs.length} inputs, a picture fills one; give it numbers: --input name=x.npy --out DIR`);
  }
  return rule;
}

/** Run once on zeros, untimed: the first run of a module includes compiling it. */
export function warmUp({ model }: OpenModel, rule: Preprocess): void {
  const [input] = model.inputs;
  const Zeros = input?.type === "i8" ? Int8Array : Float32Array;
  model.run({ [input?.name ?? ""]: new Zeros(countPlanes(rule) * rule.width * rule.height) });
}

/** Classify one picture by the model's first output. */
export function classify({ model }: OpenModel, rule: Preprocess, { pixels, line, word }: Picture, file: string, count: number): Result {
  const input = preprocess(pixels, model);
  const before = performance.now();
  const outputs = model.run({ [model.inputs[0]?.name ?? ""]: input });
  const ms = performance.now() - before;
  const scores = outputs[model.outputs[0]?.name ?? ""] as Float32Array;
  const probabilities = toProbabilities(scores);
  const top = topK(scores, count, model.metadata.labels).map((ranked) => ({ ...ranked, probability: probabilities[ranked.index] as number }));
  return { file, line, word, top, ms, seen: toGreyImage(input, rule) };
}

/** Pictures wider than this are shrunk before they are shown, by leaving out pixels. */
const MAX_WIDTH = 32;

/** Undo the normalisation of an input `CHW` and average its channels. */
function toGreyImage(input: Float32Array | Int8Array, { width, height, mean, std }: Preprocess): Pixels {
  const channels = input.length / (width * height);
  const stride = Math.ceil(width / MAX_WIDTH);
  const [columns, rows] = [Math.ceil(width / stride), Math.ceil(height / stride)];
  const data = new Uint8Array(columns * rows);
  for (let i = 0; i < data.length; i++) {
    const pixel = Math.floor(i / columns) * stride * width + (i % columns) * stride;
    let sum = 0;
    for (let c = 0; c < channels; c++) {
      const x = input[c * width * height + pixel] as number;
      sum += input instanceof Int8Array ? (x + 128) / 255 : x * (std[c] ?? 1) + (mean[c] ?? 0);
    }
    data[i] = Math.round(255 * Math.min(1, Math.max(0, sum / channels)));
  }
  return { width: columns, height: rows, data };
}

/** Turn scores into probabilities; scores that already are some (all in 0..1, sum 1) stay as they are. */
function toProbabilities(scores: ArrayLike<number>): Float32Array {
  const numbers = Float32Array.from(scores);
  const sum = numbers.reduce((a, b) => a + b, 0);
  if (Math.abs(sum - 1) < 1e-3 && numbers.every((number) => number >= 0)) return numbers;
  const most = Math.max(...numbers);
  const powers = numbers.map((number) => Math.exp(number - most));
  const total = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / total);
}
