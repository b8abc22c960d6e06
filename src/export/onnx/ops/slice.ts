// Only the axes that are cut.
import { integers } from "../constants.ts";
import type { Exporter } from "../draft.ts";

/** "To the end" of an axis whose length may be open. */
const END = 2 ** 31 - 1;

export const slice: Exporter<"slice"> = ({ starts, sizes, steps }, place) => {
  const at = (list: readonly number[], axis: number) => list[axis] as number;
  const isWhole = (axis: number) => at(starts, axis) === 0 && at(steps, axis) === 1 && at(sizes, axis) === -1;
  const axes = [...starts.keys()].filter((axis) => !isWhole(axis));
  if (axes.length === 0) return place.add("Identity", place.inputs);
  const endOf = (axis: number) => (at(sizes, axis) < 0 ? END : at(starts, axis) + (at(sizes, axis) - 1) * at(steps, axis) + 1);
  const operands = [
    integers(
      place,
      "starts",
      axes.map((axis) => at(starts, axis)),
    ),
    integers(place, "ends", axes.map(endOf)),
    integers(place, "axes", axes),
    integers(
      place,
      "steps",
      axes.map((axis) => at(steps, axis)),
    ),
  ];
  return place.add("Slice", [place.inputs[0], ...operands]);
};
