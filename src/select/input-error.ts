// What a sign does to the numbers it reads, in the three forms of Hybrid Binary Networks' released code: its hook sees the output of the
// batch-norm, x, before the sign. Image by image, so that nothing but sums is kept.
import type { Thresholds } from "../graph/attributes.ts";
import type { Numbers } from "../graph/graph.ts";

export interface InputError {
  /** sqrt(mean over images of mean (sign(x) - x)^2): the form of the paper's figures. */
  rmse: number;
  /** The same relative to x: sqrt(mean over images of sum (sign(x) - x)^2 / sum x^2). An image of zeros counts as 1. */
  normalized: number;
  /** mean over images of mean |1 - w^2|, with w = x between -1 and 1. */
  oneMinusSquare: number;
}

export const ERROR_FORMS = ["rmse", "normalized", "oneMinusSquare"] as const satisfies readonly (keyof InputError)[];

export type ErrorForm = (typeof ERROR_FORMS)[number];

export class InputErrorMeter {
  images = 0;
  #squares = 0;
  #relative = 0;
  #missing = 0;

  /** Add an image's x, `[C, pixels]`. A threshold is where sign turns; x counts from there. */
  add(image: Float32Array, channels: number, thresholds?: Thresholds<Numbers>): void {
    const pixels = image.length / channels;
    let [difference, power, missing] = [0, 0, 0];
    for (let c = 0, i = 0; c < channels; c++) {
      const threshold = thresholds?.values[c] ?? 0;
      for (let end = i + pixels; i < end; i++) {
        const size = Math.abs((image[i] as number) - threshold);
        difference += (1 - size) ** 2;
        power += size ** 2;
        missing += Math.abs(1 - Math.min(1, size) ** 2);
      }
    }
    this.images++;
    this.#squares += difference / image.length;
    this.#relative += power === 0 ? 1 : difference / power;
    this.#missing += missing / image.length;
  }

  get error(): InputError {
    const mean = (sum: number) => sum / this.images;
    return { rmse: Math.sqrt(mean(this.#squares)), normalized: Math.sqrt(mean(this.#relative)), oneMinusSquare: mean(this.#missing) };
  }
}
