// Softmax and log-softmax along one axis.
import type { Builder } from "flatbuffers";
import { Softmax, type Node as StoredNode } from "../format/generated/hybit.ts";
import type { Attributes } from "../graph/attributes.ts";
import { countElements, type NodeOf, type Numbers } from "../graph/graph.ts";
import { requireAxis } from "./move.ts";
import type { PrepareContext, StepDraft, Type } from "./op.ts";
import { requireFloat } from "./require.ts";

export const block = { inputPtr: "u32", outputPtr: "u32", outerElems: "u32", axisElems: "u32", innerElems: "u32", log: "u32" } as const;

export function decode(stored: StoredNode): Attributes<never>["softmax"] {
  const table: Softmax = stored.op(new Softmax());
  return { axis: table.axis(), log: table.log() };
}

export function encode(builder: Builder, { axis, log }: Attributes<Numbers>["softmax"]): number {
  return Softmax.createSoftmax(builder, axis, log);
}

export function stored(): [] {
  return [];
}

export function infer(node: NodeOf<"softmax", unknown>, inputs: readonly Type[]): Type[] {
  const type = requireFloat(node, inputs, 0);
  requireAxis(node, node.attrs.axis, type.shape);
  return [type];
}

export function prepare({ attrs: { axis, log } }: NodeOf<"softmax">, { inputs }: PrepareContext): StepDraft {
  const { shape } = inputs[0] as Type;
  return {
    kernel: "softmax_f32",
    why: "the only kernel of this op",
    macs: 0,
    params: {
      inputPtr: { input: 0 },
      outputPtr: { output: 0 },
      outerElems: countElements(shape.slice(0, axis)),
      axisElems: shape[axis] as number,
      innerElems: countElements(shape.slice(axis + 1)),
      log: Number(log),
    },
    canWriteInPlace: true,
  };
}
