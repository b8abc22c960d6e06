import { PlanError } from "../graph/errors.ts";
import { countElements, type NodeOf, type Shape } from "../graph/graph.ts";
import { viewOf } from "./move.ts";
import type { PrepareContext, StepDraft, Type } from "./op.ts";
import { requireFloat, spell } from "./require.ts";

export const block = { aPtr: "u32", bPtr: "u32", outputPtr: "u32", viewsPtr: "u32", countersPtr: "u32", rank: "u32", elems: "u32" } as const;

export function stored(): [] {
  return [];
}

export function infer(node: NodeOf<"elementwise", unknown>, inputs: readonly Type[]): Type[] {
  const a = requireFloat(node, inputs, 0).shape;
  const b = requireFloat(node, inputs, 1).shape;
  const rank = Math.max(a.length, b.length);
  const [left, right] = [extend(a, rank), extend(b, rank)];
  if (left.some((dim, axis) => dim !== right[axis] && dim !== 1 && right[axis] !== 1)) {
    const text = `${node.attrs.kind} of ${spell(a)} and ${spell(b)}: seen from the right, dimensions must be equal or 1`;
    throw new PlanError("shape", text, node.name);
  }
  return [{ type: "f32", shape: left.map((dim, axis) => (dim === 1 ? (right[axis] as number) : dim)) }];
}

export function prepare({ attrs: { kind } }: NodeOf<"elementwise">, { inputs, outputs }: PrepareContext): StepDraft {
  const { shape } = outputs[0] as Type;
  const [a, b] = [inputs[0] as Type, inputs[1] as Type];
  const { dims, aStrides, bStrides } = mergeAxes(shape, broadcastStrides(a.shape, shape), broadcastStrides(b.shape, shape));
  return {
    kernel: `elementwise_f32_${kind}`,
    why: `runs of ${dims.at(-1)}`,
    macs: 0,
    params: {
      aPtr: { input: 0 },
      bPtr: { input: 1 },
      outputPtr: { output: 0 },
      viewsPtr: { table: 0 },
      countersPtr: { scratch: 0 },
      rank: dims.length,
      elems: countElements(shape),
    },
    tables: [Uint32Array.of(...dims, ...aStrides, ...bStrides)],
    scratchBytes: 4 * dims.length,
    canWriteInPlace: spell(a.shape) === spell(shape),
  };
}

function extend(shape: Shape, rank: number): number[] {
  return [...Array.from({ length: rank - shape.length }, () => 1), ...shape];
}

/** Distances between neighbours along the output's axes; 0 where the operand is repeated. */
function broadcastStrides(operand: Shape, output: Shape): number[] {
  const shape = extend(operand, output.length);
  return viewOf({ type: "f32", shape }, "word").strides.map((stride, axis) => (shape[axis] === 1 ? 0 : stride));
}

/** Drop axes of length 1 and merge neighbours that are one run in both operands, so that the innermost run is long. */
function mergeAxes(shape: Shape, a: readonly number[], b: readonly number[]): { dims: number[]; aStrides: number[]; bStrides: number[] } {
  const axes: [dim: number, a: number, b: number][] = [];
  shape.forEach((dim, axis) => {
    const [aStride, bStride] = [a[axis] as number, b[axis] as number];
    const last = axes.at(-1);
    if (dim === 1) return;
    if (last?.[1] === dim * aStride && last[2] === dim * bStride) axes.splice(-1, 1, [last[0] * dim, aStride, bStride]);
    else axes.push([dim, aStride, bStride]);
  });
  if (axes.length === 0) axes.push([1, 1, 1]);
  return { dims: axes.map((axis) => axis[0]), aStrides: axes.map((axis) => axis[1]), bStrides: axes.map((axis) => axis[2]) };
}
