import type { Exporter } from "../draft.ts";

export const elementwise: Exporter<"elementwise"> = ({ kind }, place) => place.add(kind === "add" ? "Add" : "Mul", place.inputs);
