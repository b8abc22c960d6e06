import type { Exporter } from "../draft.ts";

export const softmax: Exporter<"softmax"> = ({ axis, log }, place) => place.add(log ? "LogSoftmax" : "Softmax", place.inputs, { axis });
