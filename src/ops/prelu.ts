// PReLU per channel and, with shifts, RPReLU.
import type { Builder } from "flatbuffers";
import { Prelu, type Node as StoredNode } from "../format/generated/hybit.ts";
import type { Attributes } from "../graph/attributes.ts";
import type { NodeOf, Numbers, Span } from "../graph/graph.ts";
import { countChannels, planesBlock, planesParams, requireChannels } from "./channels.ts";
import type { PrepareContext, StepDraft, Store, Stored, Type } from "./op.ts";
import { requireFloat } from "./require.ts";
import { decodeRequiredSpan, decodeSpan, encodeSpan } from "./span.ts";

export const block = { inputPtr: "u32", outputPtr: "u32", slopePtr: "u32", shiftInPtr: "u32", shiftOutPtr: "u32", ...planesBlock } as const;

export function decode(stored: StoredNode): Attributes<Span>["prelu"] {
  const table: Prelu = stored.op(new Prelu());
  return { slope: decodeRequiredSpan(table.slope()), shiftIn: decodeSpan(table.shiftIn()), shiftOut: decodeSpan(table.shiftOut()) };
}

export function encode(builder: Builder, { slope, shiftIn, shiftOut }: Attributes<Numbers>["prelu"], store: Store): number {
  Prelu.startPrelu(builder);
  Prelu.addSlope(builder, encodeSpan(builder, slope, store));
  if (shiftIn !== undefined) Prelu.addShiftIn(builder, encodeSpan(builder, shiftIn, store));
  if (shiftOut !== undefined) Prelu.addShiftOut(builder, encodeSpan(builder, shiftOut, store));
  return Prelu.endPrelu(builder);
}

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
