// Axis numbers: negative ones count from the end.
import type { OnnxNode } from "./node.ts";

/** Return an axis as 0 … rank-1; throws when it lies outside. */
export function toAxis(node: OnnxNode, axis: number, rank: number): number {
  const positive = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(positive) || positive < 0 || positive >= rank) throw node.invalid(`has axis ${axis} for ${rank} dimensions`);
  return positive;
}

/** Return several axes, each once, in rising order. */
export function toAxes(node: OnnxNode, axes: readonly number[], rank: number): number[] {
  const positive = axes.map((axis) => toAxis(node, axis, rank)).sort((a, b) => a - b);
  if (new Set(positive).size !== positive.length) throw node.invalid(`names an axis twice: [${axes}]`);
  return positive;
}
