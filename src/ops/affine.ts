import type { Attributes } from "../graph/attributes.ts";
import type { NodeOf } from "../graph/graph.ts";
import { countChannels, planesBlock, planesParams, requireChannels } from "./channels.ts";
import type { PrepareContext, StepDraft, Stored, Type } from "./op.ts";
import { requireFloat } from "./require.ts";

export const block = { inputPtr: "u32", outputPtr: "u32", scalePtr: "u32", biasPtr: "u32", ...planesBlock } as const;

export function stored<D>({ scale, bias }: Attributes<D>["affine"], inputs: readonly Type[]): Stored<D>[] {
  const bytes = 4 * countChannels(inputs);
  return [
    { name: "scale", data: scale, bytes },
    { name: "bias", data: bias, bytes },
  ];
}

export function infer(node: NodeOf<"affine", unknown>, inputs: readonly Type[]): Type[] {
  requireFloat(node, inputs, 0);
  return [requireChannels(node, inputs)];
}

export function prepare({ attrs }: NodeOf<"affine">, { inputs }: PrepareContext): StepDraft {
  return {
    kernel: "affine_f32",
    why: "the only kernel of this op",
    macs: 0,
    params: {
      inputPtr: { input: 0 },
      outputPtr: { output: 0 },
      scalePtr: { span: attrs.scale },
      biasPtr: { span: attrs.bias },
      ...planesParams(inputs[0] as Type),
    },
    canWriteInPlace: true,
  };
}
