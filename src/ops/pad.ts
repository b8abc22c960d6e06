import { PlanError } from "../graph/errors.ts";
import type { NodeOf } from "../graph/graph.ts";
import { draftMove, moveBlock, permute, requireEntries, requireMovable, storageOrder, viewOf } from "./move.ts";
import type { PrepareContext, StepDraft, Type } from "./op.ts";

export const block = moveBlock;

export function stored(): [] {
  return [];
}

export function infer(node: NodeOf<"pad", unknown>, inputs: readonly Type[]): Type[] {
  const { type, shape } = requireMovable(node, inputs, 0);
  const { before, after, value } = node.attrs;
  requireEntries(node, "before", before, shape);
  requireEntries(node, "after", after, shape);
  if (type === "bits" && Math.abs(value) !== 1) {
    throw new PlanError("invalid", `bits are padded with 1 or -1, not with ${value}; put an unpack node before this one`, node.name);
  }
  return [{ type, shape: shape.map((dim, axis) => (before[axis] as number) + dim + (after[axis] as number)) }];
}

export function prepare(node: NodeOf<"pad">, { inputs, outputs }: PrepareContext): StepDraft {
  const [input, output] = [inputs[0] as Type, outputs[0] as Type];
  const { before, after, value } = node.attrs;
  const unit = input.type === "bits" && (before[1] || after[1]) ? "bit" : "word";
  const from = viewOf(input, unit);
  const to = viewOf(output, unit);
  to.start = to.strides.reduce((start, stride, axis) => start + stride * (before[axis] as number), 0);
  to.dims = from.dims;
  const order = storageOrder(input);
  return draftMove(node, unit, permute(from, order), permute(to, order), output, value);
}
