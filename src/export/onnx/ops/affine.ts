// BatchNormalization with mean 0 and variance 1: scale and shift in one pass over the value, as here.
import { perChannel } from "../constants.ts";
import type { Exporter } from "../draft.ts";

export const affine: Exporter<"affine"> = ({ scale, bias }, place) => {
  const list = (what: string, values: ArrayLike<number>) => perChannel(place, what, values, 2);
  const still = list("mean", new Float32Array(scale.length));
  const unit = list("variance", new Float32Array(scale.length).fill(1));
  const operands = [place.inputs[0], list("scale", scale), list("bias", bias), still, unit];
  return place.add("BatchNormalization", operands, { epsilon: { float: 0 } });
};
