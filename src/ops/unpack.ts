import { PlanError } from "../graph/errors.ts";
import type { NodeOf } from "../graph/graph.ts";
import { planesBlock, planesParams, requireChannels } from "./channels.ts";
import type { PrepareContext, StepDraft, Type } from "./op.ts";

export const block = { inputPtr: "u32", outputPtr: "u32", ...planesBlock } as const;

export function stored(): [] {
  return [];
}

export function infer(node: NodeOf<"unpack", unknown>, inputs: readonly Type[]): Type[] {
  const { type, shape } = requireChannels(node, inputs);
  if (type !== "bits") throw new PlanError("type", "unpack reads bits but its input 0 is f32; remove this node", node.name);
  return [{ type: "f32", shape }];
}

export function prepare(_node: NodeOf<"unpack">, { inputs }: PrepareContext): StepDraft {
  return {
    kernel: "unpack_b1f32",
    why: "the only kernel of this op",
    macs: 0,
    params: { inputPtr: { input: 0 }, outputPtr: { output: 0 }, ...planesParams(inputs[0] as Type) },
  };
}
