// A layer's epilogue as the operators it was made of, in the order of docs/binary-math.md, section 8.
import type { Epilogue } from "../../graph/attributes.ts";
import type { Numbers } from "../../graph/graph.ts";
import { NO_LIMIT } from "../../ops/layer-kind.ts";
import { perChannel, scalar } from "./constants.ts";
import type { Place } from "./draft.ts";
import { addAffine } from "./ops/affine.ts";

/** Add what follows `sum`; constants per channel broadcast against a value of `rank` dimensions. */
export function addEpilogue(place: Place, epilogue: Epilogue<Numbers>, sum: string, rank: number): string {
  const { hasResidual, addsLast, slope, low, high, scale, bias } = epilogue;
  const residual = place.inputs.at(-1) as string;
  let y = sum;
  if (hasResidual && !addsLast) y = place.add("Add", [y, residual]);
  if (slope) y = place.add("PRelu", [y, perChannel(place, "slope", slope, rank)]);
  if (low === 0 && high === NO_LIMIT) y = place.add("Relu", [y]);
  else if (low < high) y = place.add("Clip", [y, scalar(place, "low", low), scalar(place, "high", high)]);
  if (scale && rank === place.shape.length) y = addAffine(place, y, scale, bias ?? new Float32Array(scale.length));
  else {
    if (scale) y = place.add("Mul", [y, perChannel(place, "output_scale", scale, rank)]);
    if (bias) y = place.add("Add", [y, perChannel(place, "output_bias", bias, rank)]);
  }
  if (hasResidual && addsLast) y = place.add("Add", [y, residual]);
  return y;
}
