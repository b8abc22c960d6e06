import type { Exporter } from "../draft.ts";

export const globalpool: Exporter<"globalpool"> = ({ kind }, place) =>
  place.add(kind === "max" ? "GlobalMaxPool" : "GlobalAveragePool", place.inputs);
