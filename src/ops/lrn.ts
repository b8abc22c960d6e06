import { PlanError } from "../graph/errors.ts";
import type { NodeOf } from "../graph/graph.ts";
import { planesBlock, planesParams, requireChannels } from "./channels.ts";
import type { PrepareContext, StepDraft, Type } from "./op.ts";
import { requireFloat } from "./require.ts";

export const block = {
  inputPtr: "u32",
  outputPtr: "u32",
  ...planesBlock,
  belowChannels: "u32",
  aboveChannels: "u32",
  share: "f32",
  beta: "f32",
  bias: "f32",
} as const;

export function stored(): [] {
  return [];
}

export function infer(node: NodeOf<"lrn", unknown>, inputs: readonly Type[]): Type[] {
  if (node.attrs.size < 1) throw new PlanError("invalid", "lrn has size 0; it needs at least 1 channel", node.name);
  requireFloat(node, inputs, 0);
  return [requireChannels(node, inputs)];
}

export function prepare({ attrs }: NodeOf<"lrn">, { inputs }: PrepareContext): StepDraft {
  const { size, alpha, beta, bias } = attrs;
  return {
    kernel: "lrn_f32",
    why: "the only kernel of this op",
    macs: 0,
    params: {
      inputPtr: { input: 0 },
      outputPtr: { output: 0 },
      ...planesParams(inputs[0] as Type),
      belowChannels: Math.floor((size - 1) / 2),
      aboveChannels: Math.ceil((size - 1) / 2),
      share: alpha / size,
      beta,
      bias,
    },
  };
}
