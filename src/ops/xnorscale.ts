import type { NodeOf } from "../graph/graph.ts";
import type { PrepareContext, StepDraft, Type } from "./op.ts";
import { inferPool, poolBlock, poolParams } from "./pool.ts";
import { requireFloat } from "./require.ts";

export const block = { ...poolBlock, channels: "u32", planePtr: "u32" } as const;

export function stored(): [] {
  return [];
}

export function infer(node: NodeOf<"xnorscale", unknown>, inputs: readonly Type[]): Type[] {
  requireFloat(node, inputs, 0);
  const { type, shape } = inferPool(node, inputs, node.attrs.window, false);
  return [{ type, shape: shape.map((dim, axis) => (axis === 1 ? 1 : dim)) }];
}

export function prepare({ attrs }: NodeOf<"xnorscale">, { inputs, outputs }: PrepareContext): StepDraft {
  const input = inputs[0] as Type;
  const [batch, channels, height, width] = input.shape as [number, number, number, number];
  return {
    kernel: "xnorscale_f32",
    why: "the only kernel of this op",
    macs: 0,
    params: { ...poolParams(attrs.window, input, outputs[0] as Type, batch), channels, planePtr: { scratch: 0 } },
    scratchBytes: 4 * height * width,
  };
}
