// Ops that treat each channel of a value alike: axis 0 is the batch, axis 1 the channels, the rest one plane.
import { countElements, type ElementType } from "../graph/graph.ts";
import type { PrepareContext, Type } from "./op.ts";
import { requireInput, requireLayout } from "./require.ts";

/** Return input 0 if it has channels. */
export function requireChannels(inputs: readonly Type[], wanted: ElementType): Type {
  const input = requireInput(inputs, 0, wanted);
  requireLayout(input, "[N,C,...]");
  return input;
}

/** Fields of the parameter block of such an op. */
export function planesParams({ inputs: [{ shape }] }: PrepareContext) {
  return { batch: shape[0] as number, channels: shape[1] as number, pixels: countElements(shape.slice(2)) };
}
