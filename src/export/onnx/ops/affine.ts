// BatchNormalization with mean 0 and variance 1: scale and shift in one pass over the value, as here.
import { perChannel } from "../constants.ts";
import type { Exporter, Place } from "../draft.ts";

/** Scale and shift dimension 1 of `x`. */
export function addAffine(place: Place, x: string, scale: ArrayLike<number>, bias: ArrayLike<number>): string {
  const list = (what: string, values: ArrayLike<number>) => perChannel(place, what, values, 2);
  const still = list("mean", new Float32Array(scale.length));
  const unit = list("variance", new Float32Array(scale.length).fill(1));
  const operands = [x, list("output_scale", scale), list("output_bias", bias), still, unit];
  return place.add("BatchNormalization", operands, { epsilon: { float: 0 } });
}

export const affine: Exporter<"affine"> = ({ scale, bias }, place) => addAffine(place, place.inputs[0], scale, bias);
