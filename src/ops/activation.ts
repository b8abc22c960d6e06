import type { ActivationKind } from "../graph/attributes.ts";
import { countElements, type NodeOf } from "../graph/graph.ts";
import type { PrepareContext, StepDraft, Type } from "./op.ts";
import { requireFloat } from "./require.ts";

export const block = { inputPtr: "u32", outputPtr: "u32", elems: "u32", kind: "u32", alpha: "f32", beta: "f32" } as const;

/** In the order of ActivationKind in schema/hybit.fbs. */
const KINDS: readonly ActivationKind[] = ["relu", "clip", "leaky-relu", "sigmoid", "tanh", "hard-sigmoid", "hard-swish"];

export function stored(): [] {
  return [];
}

export function infer(node: NodeOf<"activation", unknown>, inputs: readonly Type[]): Type[] {
  return [requireFloat(node, inputs, 0)];
}

export function prepare(node: NodeOf<"activation">, { inputs }: PrepareContext): StepDraft {
  const { kind, alpha, beta } = node.attrs;
  return {
    kernel: "activation_f32",
    why: "the only kernel of this op",
    macs: 0,
    params: {
      inputPtr: { input: 0 },
      outputPtr: { output: 0 },
      elems: countElements((inputs[0] as Type).shape),
      kind: KINDS.indexOf(kind),
      alpha,
      beta,
    },
    canWriteInPlace: true,
  };
}
