// Ops that treat each channel of an f32 value alike: axis 0 is the batch, axis 1 the channels, the rest one plane.
import { PlanError } from "../graph/errors.ts";
import { countElements, type Node } from "../graph/graph.ts";
import type { Type } from "./op.ts";
import { requireInput, spell } from "./require.ts";

/** Last fields of the parameter block of such an op. */
export const planesBlock = { batch: "u32", channels: "u32", pixels: "u32" } as const;

/** Return input 0 if it has channels. */
export function requireChannels(node: Node<unknown>, inputs: readonly Type[]): Type {
  const type = requireInput(node, inputs, 0);
  if (type.shape.length < 2) {
    throw new PlanError("shape", `${node.op} needs a batch and a channel axis but input 0 is ${spell(type.shape)}; reshape it to [N,C]`, node.name);
  }
  return type;
}

/** Count the channels of input 0. */
export function countChannels(inputs: readonly Type[]): number {
  return inputs[0]?.shape[1] ?? 1;
}

export function planesParams({ shape }: Type): Record<keyof typeof planesBlock, number> {
  return { batch: shape[0] as number, channels: shape[1] as number, pixels: countElements(shape.slice(2)) };
}
