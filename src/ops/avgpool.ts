import { countElements, type NodeOf } from "../graph/graph.ts";
import type { PrepareContext, StepDraft, Type } from "./op.ts";
import { inferPool, poolBlock, poolParams, requireTaps } from "./pool.ts";
import { requireFloat } from "./require.ts";

export const block = { ...poolBlock, countTop: "u32", countLeft: "u32", countBottom: "u32", countRight: "u32" } as const;

export function stored(): [] {
  return [];
}

export function infer(node: NodeOf<"avgpool", unknown>, inputs: readonly Type[]): Type[] {
  const { window, ceilMode } = node.attrs;
  const input = requireFloat(node, inputs, 0);
  const output = inferPool(node, inputs, window, ceilMode);
  requireTaps(node, input, window);
  return [output];
}

export function prepare({ attrs }: NodeOf<"avgpool">, { inputs, outputs }: PrepareContext): StepDraft {
  const input = inputs[0] as Type;
  const { window, countIncludePad } = attrs;
  const count = (pad: number) => (countIncludePad ? pad : 0);
  return {
    kernel: "avgpool_f32",
    why: "the only kernel of this op",
    macs: 0,
    params: {
      ...poolParams(window, input, outputs[0] as Type, countElements(input.shape.slice(0, 2))),
      countTop: count(window.padTop),
      countLeft: count(window.padLeft),
      countBottom: count(window.padBottom),
      countRight: count(window.padRight),
    },
  };
}
