import type { Exporter } from "../draft.ts";

export const lrn: Exporter<"lrn"> = ({ size, alpha, beta, bias }, place) =>
  place.add("LRN", place.inputs, { size, alpha: { float: alpha }, beta: { float: beta }, bias: { float: bias } });
