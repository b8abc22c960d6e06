import { PlanError } from "../graph/errors.ts";
import type { NodeOf } from "../graph/graph.ts";
import { draftMove, moveBlock, permute, requireEntries, requireMovable, storageOrder, viewOf } from "./move.ts";
import type { PrepareContext, StepDraft, Type } from "./op.ts";
import { spell } from "./require.ts";

export const block = moveBlock;

export function stored(): [] {
  return [];
}

export function infer(node: NodeOf<"slice", unknown>, inputs: readonly Type[]): Type[] {
  const { type, shape } = requireMovable(node, inputs, 0);
  const { starts, sizes, steps } = node.attrs;
  requireEntries(node, "starts", starts, shape);
  requireEntries(node, "sizes", sizes, shape);
  requireEntries(node, "steps", steps, shape);
  const output = shape.map((dim, axis) => {
    const [start, size, step] = [starts[axis] as number, sizes[axis] as number, steps[axis] as number];
    const count = size === -1 && step > 0 ? Math.ceil((dim - start) / step) : size;
    if (!(step > 0 && count > 0 && start >= 0 && start + (count - 1) * step < dim)) {
      const text = `slice takes ${size} elements from ${start} in steps of ${step} along axis ${axis}, but the input is ${spell(shape)}`;
      throw new PlanError("shape", `${text}; at least 1 must be taken and all must exist`, node.name);
    }
    return count;
  });
  return [{ type, shape: output }];
}

export function prepare(node: NodeOf<"slice">, { inputs, outputs }: PrepareContext): StepDraft {
  const [input, output] = [inputs[0] as Type, outputs[0] as Type];
  const { starts, steps } = node.attrs;
  const [start, step, end] = [starts[1] as number, steps[1], (starts[1] as number) + (output.shape[1] as number)];
  const cutsWords = input.type === "bits" && !(step === 1 && start % 32 === 0 && (end % 32 === 0 || end === input.shape[1]));
  const unit = cutsWords ? "bit" : "word";
  const from = viewOf(input, unit);
  const to = viewOf(output, unit);
  from.strides.forEach((stride, axis) => {
    const first = starts[axis] as number;
    from.start += stride * (input.type === "bits" && axis === 1 && unit === "word" ? first / 32 : first);
    from.strides[axis] = stride * (steps[axis] as number);
  });
  from.dims = to.dims;
  const order = storageOrder(input);
  return draftMove(node, unit, permute(from, order), permute(to, order), output);
}
