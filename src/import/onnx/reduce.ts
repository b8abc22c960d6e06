// Reductions along axes: what is left of a value when they are gone. The reduced axes go to the end, where a global pool takes them.
import { toAxes } from "./axes.ts";
import { Composer } from "./compose.ts";
import type { Context } from "./context.ts";
import type { OnnxNode } from "./node.ts";

export interface Reduction {
  /** Numbers that become one. */
  count: number;
  mean(x: number): number;
  max(x: number): number;
  /** The same with axes of length 1 in place of those that are gone: broadcasts against what was reduced. */
  kept(x: number): number;
}

/** Read the axes of a Reduce operator (an input since opset 13 or 18) and be ready to reduce values of input 0's shape. */
export function readReduction(node: OnnxNode, context: Context): Reduction | undefined {
  const shape = context.shape(context.value(node, 0));
  const listed = context.integers(node, 1, "axes") ?? [];
  if (listed.length === 0 && node.int("noop_with_empty_axes", 0) !== 0) return undefined;
  const axes = listed.length === 0 ? [...shape.keys()] : toAxes(node, listed, shape.length);
  return reduceOver(node, context, shape, axes, node.int("keepdims", 1) !== 0);
}

export function reduceOver(node: OnnxNode, context: Context, shape: readonly number[], axes: readonly number[], keepDims: boolean): Reduction {
  const composer = new Composer(node, context);
  const { draft } = context;
  if (axes.some((axis) => shape[axis] === -1)) throw node.unsupported("reduces over the batch", "keep the batch as the first dimension, untouched");
  const others = [...shape.keys()].filter((axis) => !axes.includes(axis));
  const sizeOf = (list: readonly number[]) => list.reduce((product, axis) => product * (shape[axis] as number), 1);
  const count = sizeOf(axes);
  const withOnes = shape.map((dim, axis) => (axes.includes(axis) ? 1 : dim));
  const result = keepDims ? withOnes : others.map((axis) => shape[axis] as number);
  const isPlane = shape.length > 2 && axes[0] === 2 && axes.length === shape.length - 2;

  const pool = (kind: "average" | "max", x: number): number => {
    if (isPlane) return draft.add(node.name, "globalpool", { kind }, [x]);
    const [batch, ...rest] = others;
    const isBatched = batch === 0;
    const kept = isBatched ? sizeOf(rest) : sizeOf(others);
    const moved = composer.transpose(x, [...others, ...axes]);
    return draft.add(node.name, "globalpool", { kind }, [composer.reshape(moved, [isBatched ? (shape[0] as number) : 1, kept, count])]);
  };
  return {
    count,
    mean: (x) => composer.reshape(pool("average", x), result),
    max: (x) => composer.reshape(pool("max", x), result),
    kept: (x) => composer.reshape(x, withOnes),
  };
}
