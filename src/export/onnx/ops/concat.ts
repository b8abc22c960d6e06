import type { Exporter } from "../draft.ts";

export const concat: Exporter<"concat"> = ({ axis }, place) => place.add("Concat", place.inputs, { axis });
