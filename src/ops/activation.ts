// Element-wise functions of one value: activations, and what others are made of.
import type { ActivationKind } from "../graph/attributes.ts";
import { countElements } from "../graph/graph.ts";
import { INPUT_TO_OUTPUT, type Op } from "./op.ts";
import { requireInput } from "./require.ts";

/** In the order of ActivationKind in schema/hybit.fbs. */
const KINDS: readonly ActivationKind[] = [
  "relu",
  "clip",
  "leaky-relu",
  "sigmoid",
  "tanh",
  "hard-sigmoid",
  "hard-swish",
  "exp",
  "log",
  "sqrt",
  "erf",
  "floor",
];

export const activation: Op<"activation"> = {
  infer: (_, inputs) => requireInput(inputs, 0, "f32"),

  prepare: ({ kind, alpha, beta }, { output }) => ({
    kernel: "activation_f32",
    params: { ...INPUT_TO_OUTPUT, elems: countElements(output.shape), kind: KINDS.indexOf(kind), alpha: { f32: alpha }, beta: { f32: beta } },
    canWriteInPlace: true,
  }),
};
