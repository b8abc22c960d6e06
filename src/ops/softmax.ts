import { countElements, type NodeOf } from "../graph/graph.ts";
import { requireAxis } from "./move.ts";
import type { PrepareContext, StepDraft, Type } from "./op.ts";
import { requireFloat } from "./require.ts";

export const block = { inputPtr: "u32", outputPtr: "u32", outerElems: "u32", axisElems: "u32", innerElems: "u32", log: "u32" } as const;

export function stored(): [] {
  return [];
}

export function infer(node: NodeOf<"softmax", unknown>, inputs: readonly Type[]): Type[] {
  const type = requireFloat(node, inputs, 0);
  requireAxis(node, node.attrs.axis, type.shape);
  return [type];
}

export function prepare({ attrs: { axis, log } }: NodeOf<"softmax">, { inputs }: PrepareContext): StepDraft {
  const { shape } = inputs[0] as Type;
  return {
    kernel: "softmax_f32",
    why: "the only kernel of this op",
    macs: 0,
    params: {
      inputPtr: { input: 0 },
      outputPtr: { output: 0 },
      outerElems: countElements(shape.slice(0, axis)),
      axisElems: shape[axis] as number,
      innerElems: countElements(shape.slice(axis + 1)),
      log: Number(log),
    },
    canWriteInPlace: true,
  };
}
