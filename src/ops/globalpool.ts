import { PlanError } from "../graph/errors.ts";
import { countElements, type NodeOf } from "../graph/graph.ts";
import type { PrepareContext, StepDraft, Type } from "./op.ts";
import { requireFloat, spell } from "./require.ts";

export const block = { inputPtr: "u32", outputPtr: "u32", planes: "u32", pixels: "u32" } as const;

export function stored(): [] {
  return [];
}

export function infer(node: NodeOf<"globalpool", unknown>, inputs: readonly Type[]): Type[] {
  const { type, shape } = requireFloat(node, inputs, 0);
  if (shape.length < 3) {
    throw new PlanError("shape", `globalpool needs [N,C,H,W] but input 0 is ${spell(shape)}; it was probably flattened already`, node.name);
  }
  return [{ type, shape: shape.map((dim, axis) => (axis < 2 ? dim : 1)) }];
}

export function prepare({ attrs: { kind } }: NodeOf<"globalpool">, { inputs }: PrepareContext): StepDraft {
  const { shape } = inputs[0] as Type;
  return {
    kernel: `globalpool_f32_${kind}`,
    why: "the only kernel of this kind",
    macs: 0,
    params: {
      inputPtr: { input: 0 },
      outputPtr: { output: 0 },
      planes: countElements(shape.slice(0, 2)),
      pixels: countElements(shape.slice(2)),
    },
  };
}
