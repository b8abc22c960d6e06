// PRelu between two Adds, where there are shifts.
import { perChannel } from "../constants.ts";
import type { Exporter } from "../draft.ts";

export const prelu: Exporter<"prelu"> = ({ slope, shiftIn, shiftOut }, place) => {
  const x = shiftIn ? place.add("Add", [place.inputs[0], perChannel(place, "shift_in", shiftIn)]) : place.inputs[0];
  const y = place.add("PRelu", [x, perChannel(place, "slope", slope)]);
  return shiftOut ? place.add("Add", [y, perChannel(place, "shift_out", shiftOut)]) : y;
};
