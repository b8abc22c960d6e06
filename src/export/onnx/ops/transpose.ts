import type { Exporter } from "../draft.ts";

export const transpose: Exporter<"transpose"> = ({ perm }, place) => place.add("Transpose", place.inputs, { perm });
