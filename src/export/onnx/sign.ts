// Signs: bit = (v < threshold) != flip, and bit 1 is -1. Written as Where(v >= threshold, +1, -1), with the two the other
// way round in channels that flip.
import type { Thresholds } from "../../graph/attributes.ts";
import type { Numbers } from "../../graph/graph.ts";
import { isSet, perChannel, scalar } from "./constants.ts";
import type { Place } from "./draft.ts";

/** Integer thresholds are exact as floats: dot products of more than 2^24 terms are none that anybody has. */
export function addSign(place: Place, value: string, thresholds: Thresholds<Numbers> | undefined, rank = place.shape.length): string {
  const least = thresholds ? perChannel(place, "thresholds", thresholds.values, rank) : scalar(place, "threshold", 0);
  const isAbove = place.add("GreaterOrEqual", [value, least]);
  const { flips } = thresholds ?? {};
  if (flips === undefined) return place.add("Where", [isAbove, scalar(place, "plus", 1), scalar(place, "minus", -1)]);
  const above = Array.from(thresholds?.values ?? [], (_, channel) => (isSet(flips, channel) ? -1 : 1));
  const below = above.map((sign) => -sign);
  return place.add("Where", [isAbove, perChannel(place, "above", above, rank), perChannel(place, "below", below, rank)]);
}
