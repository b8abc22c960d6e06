import type { Exporter } from "../draft.ts";

const OPERATORS = { add: "Add", mul: "Mul", max: "Max", div: "Div", pow: "Pow" } as const;

export const elementwise: Exporter<"elementwise"> = ({ kind }, place) => place.add(OPERATORS[kind], place.inputs);
