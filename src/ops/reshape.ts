import { PlanError } from "../graph/errors.ts";
import { countElements, type NodeOf } from "../graph/graph.ts";
import { checkRank, collapse, draftMove, moveBlock, requireMovable, viewOf } from "./move.ts";
import type { PrepareContext, StepDraft, Type } from "./op.ts";
import { spell } from "./require.ts";

export const block = moveBlock;

export function stored(): [] {
  return [];
}

export function infer(node: NodeOf<"reshape", unknown>, inputs: readonly Type[]): Type[] {
  const input = requireMovable(node, inputs, 0);
  const wanted = node.attrs.shape;
  if (wanted.some((dim) => dim < -1 || dim === 0) || wanted.filter((dim) => dim === -1).length > 1) {
    throw new PlanError("invalid", `reshape to ${spell(wanted)}: dimensions must be positive, one of them may be -1`, node.name);
  }
  const known = wanted.reduce((product, dim) => (dim === -1 ? product : product * dim), 1);
  const shape = wanted.map((dim) => (dim === -1 ? countElements(input.shape) / known : dim));
  const output: Type = { type: input.type, shape };
  if (countElements(shape) !== countElements(input.shape) || shape.some((dim) => !Number.isInteger(dim))) {
    const text = `reshape to ${spell(wanted)}: the input is ${spell(input.shape)}, ${countElements(input.shape)} elements`;
    throw new PlanError("shape", `${text}, which does not fit; use -1 for the batch`, node.name);
  }
  checkRank(node, output);
  return [output];
}

export function prepare(node: NodeOf<"reshape">, { inputs, outputs }: PrepareContext): StepDraft {
  const [input, output] = [inputs[0] as Type, outputs[0] as Type];
  const from = viewOf(input, "bit");
  const to = viewOf(output, "bit");
  const [a, b] = [collapse(from), collapse(to)];
  if (input.type === "f32" || (spell(a.dims) === spell(b.dims) && spell(a.strides) === spell(b.strides))) {
    return { kernel: "alias", why: "the elements lie in memory as they are", macs: 0, params: {} };
  }
  return draftMove(node, "bit", from, to, output);
}
