import { integers } from "../constants.ts";
import type { Exporter } from "../draft.ts";

export const reshape: Exporter<"reshape"> = ({ shape }, place) => place.add("Reshape", [place.inputs[0], integers(place, "shape", shape)]);
