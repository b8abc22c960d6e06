import { integers, scalar } from "../constants.ts";
import type { Exporter } from "../draft.ts";

export const pad: Exporter<"pad"> = ({ before, after, value }, place) =>
  place.add("Pad", [place.inputs[0], integers(place, "pads", [...before, ...after]), scalar(place, "pad_value", value)]);
