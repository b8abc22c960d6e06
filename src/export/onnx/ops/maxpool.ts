// MaxPool. Channels that take the minimum are negated before and after.
import { isSet, perChannel } from "../constants.ts";
import type { Exporter } from "../draft.ts";
import { spellWindow } from "../window.ts";

export const maxpool: Exporter<"maxpool"> = ({ window, ceilMode, minMask }, place) => {
  const pool = (x: string) => place.add("MaxPool", [x], { ...spellWindow(window), ceil_mode: Number(ceilMode) });
  if (minMask === undefined) return pool(place.inputs[0]);
  const signs = Float32Array.from({ length: place.shape[1] as number }, (_, channel) => (isSet(minMask, channel) ? -1 : 1));
  const negate = perChannel(place, "min_mask", signs);
  return place.add("Mul", [pool(place.add("Mul", [place.inputs[0], negate])), negate]);
};
