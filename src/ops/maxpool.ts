import type { Attributes } from "../graph/attributes.ts";
import { PlanError } from "../graph/errors.ts";
import { countElements, countWords, type NodeOf } from "../graph/graph.ts";
import { countChannels } from "./channels.ts";
import type { PrepareContext, StepDraft, Stored, Type } from "./op.ts";
import { inferPool, poolBlock, poolParams, requireTaps } from "./pool.ts";

export const block = { ...poolBlock, channelWords: "u32", minMaskPtr: "u32" } as const;

export function stored<D>({ minMask }: Attributes<D>["maxpool"], inputs: readonly Type[]): Stored<D>[] {
  return minMask === undefined ? [] : [{ name: "minimum mask", data: minMask, bytes: 4 * countWords(countChannels(inputs)) }];
}

export function infer(node: NodeOf<"maxpool", unknown>, inputs: readonly Type[]): Type[] {
  const { window, ceilMode, minMask } = node.attrs;
  const output = inferPool(node, inputs, window, ceilMode);
  requireTaps(node, inputs[0] as Type, window);
  if (minMask !== undefined && output.type !== "bits") {
    throw new PlanError("type", "maxpool has a minimum mask but its input 0 is f32; the mask is for bits, put a binarize node before it", node.name);
  }
  return [output];
}

export function prepare({ attrs }: NodeOf<"maxpool">, { inputs, outputs }: PrepareContext): StepDraft {
  const input = inputs[0] as Type;
  const isBits = input.type === "bits";
  return {
    kernel: isBits ? "maxpool_b1" : "maxpool_f32",
    why: isBits ? "bits: AND of words" : "f32 planes",
    macs: 0,
    params: {
      ...poolParams(attrs.window, input, outputs[0] as Type, countElements(input.shape.slice(0, isBits ? 1 : 2))),
      channelWords: countWords(countChannels(inputs)),
      minMaskPtr: { span: attrs.minMask },
    },
  };
}
