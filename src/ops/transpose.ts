import { PlanError } from "../graph/errors.ts";
import type { NodeOf } from "../graph/graph.ts";
import { draftMove, moveBlock, permute, requireEntries, requireMovable, storageOrder, viewOf } from "./move.ts";
import type { PrepareContext, StepDraft, Type } from "./op.ts";
import { spell } from "./require.ts";

export const block = moveBlock;

export function stored(): [] {
  return [];
}

export function infer(node: NodeOf<"transpose", unknown>, inputs: readonly Type[]): Type[] {
  const { type, shape } = requireMovable(node, inputs, 0);
  const { perm } = node.attrs;
  requireEntries(node, "perm", perm, shape);
  if (shape.some((_, axis) => !perm.includes(axis))) {
    throw new PlanError("invalid", `perm ${spell(perm)} must name each of the axes 0 to ${shape.length - 1} once`, node.name);
  }
  return [{ type, shape: perm.map((axis) => shape[axis] as number) }];
}

export function prepare(node: NodeOf<"transpose">, { inputs, outputs }: PrepareContext): StepDraft {
  const [input, output] = [inputs[0] as Type, outputs[0] as Type];
  const { perm } = node.attrs;
  const unit = input.type === "bits" && perm[1] !== 1 ? "bit" : "word";
  const order = storageOrder(output);
  const from = permute(permute(viewOf(input, unit), perm), order);
  return draftMove(node, unit, from, permute(viewOf(output, unit), order), output);
}
