import type { Exporter } from "../draft.ts";
import { addSign } from "../sign.ts";

export const binarize: Exporter<"binarize"> = ({ thresholds }, place) => addSign(place, place.inputs[0], thresholds);
