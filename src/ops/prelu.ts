import type { Attributes } from "../graph/attributes.ts";
import type { NodeOf } from "../graph/graph.ts";
import { countChannels, planesBlock, planesParams, requireChannels } from "./channels.ts";
import type { PrepareContext, StepDraft, Stored, Type } from "./op.ts";
import { requireFloat } from "./require.ts";

export const block = { inputPtr: "u32", outputPtr: "u32", slopePtr: "u32", shiftInPtr: "u32", shiftOutPtr: "u32", ...planesBlock } as const;

export function stored<D>({ slope, shiftIn, shiftOut }: Attributes<D>["prelu"], inputs: readonly Type[]): Stored<D>[] {
  const bytes = 4 * countChannels(inputs);
  const list = [{ name: "slope", data: slope, bytes }];
  if (shiftIn !== undefined) list.push({ name: "shift in", data: shiftIn, bytes });
  if (shiftOut !== undefined) list.push({ name: "shift out", data: shiftOut, bytes });
  return list;
}

export function infer(node: NodeOf<"prelu", unknown>, inputs: readonly Type[]): Type[] {
  requireFloat(node, inputs, 0);
  return [requireChannels(node, inputs)];
}

export function prepare({ attrs }: NodeOf<"prelu">, { inputs }: PrepareContext): StepDraft {
  return {
    kernel: "prelu_f32",
    why: "the only kernel of this op",
    macs: 0,
    params: {
      inputPtr: { input: 0 },
      outputPtr: { output: 0 },
      slopePtr: { span: attrs.slope },
      shiftInPtr: { span: attrs.shiftIn },
      shiftOutPtr: { span: attrs.shiftOut },
      ...planesParams(inputs[0] as Type),
    },
    canWriteInPlace: true,
  };
}
