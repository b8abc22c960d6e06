// XNOR-Net's K: mean magnitude of the inputs under each window.
import type { Builder } from "flatbuffers";
import { type Node as StoredNode, Xnorscale } from "../format/generated/hybit.ts";
import type { Attributes } from "../graph/attributes.ts";
import type { NodeOf, Numbers } from "../graph/graph.ts";
import type { PrepareContext, StepDraft, Type } from "./op.ts";
import { inferPool, poolBlock, poolParams } from "./pool.ts";
import { requireFloat } from "./require.ts";
import { decodeWindow, encodeWindow } from "./window.ts";

export const block = { ...poolBlock, channels: "u32", planePtr: "u32" } as const;

export function decode(stored: StoredNode): Attributes<never>["xnorscale"] {
  const table: Xnorscale = stored.op(new Xnorscale());
  return { window: decodeWindow(table.window()) };
}

export function encode(builder: Builder, { window }: Attributes<Numbers>["xnorscale"]): number {
  Xnorscale.startXnorscale(builder);
  Xnorscale.addWindow(builder, encodeWindow(builder, window));
  return Xnorscale.endXnorscale(builder);
}

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
