// Ranges along an axis, with ONNX's rules for negative and out-of-range ends.
import type { OnnxNode } from "./node.ts";

export interface Range {
  start: number;
  step: number;
  size: number;
}

/** Resolve start:end:step on an axis of `dim` elements. */
export function resolveRange(node: OnnxNode, dim: number, start: number, end: number, step: number): Range {
  if (step === 0 || !Number.isInteger(step)) throw node.invalid(`has step ${step}`);
  const clamp = (value: number, low: number, high: number) => Math.min(Math.max(value < 0 ? value + dim : value, low), high);
  const first = step > 0 ? clamp(start, 0, dim) : clamp(start, 0, dim - 1);
  const last = step > 0 ? clamp(end, 0, dim) : clamp(end, -1, dim - 1);
  return { start: first, step, size: Math.max(Math.ceil((last - first) / step), 0) };
}

export interface SliceSpec {
  axis: number;
  start: number;
  end: number;
  step: number;
}

/** Pair up the lists of a Slice; `axes` and `steps` may be left out. */
export function readSlices(
  node: OnnxNode,
  starts: readonly number[],
  ends: readonly number[],
  axes?: readonly number[],
  steps?: readonly number[],
): SliceSpec[] {
  const lists = [ends, axes ?? starts, steps ?? starts];
  if (lists.some((list) => list.length !== starts.length)) throw node.invalid("has starts, ends, axes and steps of different lengths");
  return starts.map((start, i) => ({ start, end: ends[i] as number, axis: axes ? (axes[i] as number) : i, step: steps ? (steps[i] as number) : 1 }));
}

/** Lengths of a Split's parts along an axis of `dim` elements: listed, or `parts` equal ones, the last smaller. */
export function splitSizes(node: OnnxNode, dim: number, listed: readonly number[] | undefined, parts: number): number[] {
  if (!listed && !(parts >= 1 && parts <= dim)) throw node.invalid(`splits ${dim} elements into ${parts} parts`);
  const chunk = Math.ceil(dim / parts);
  const sizes = listed ?? Array.from({ length: parts }, (_, i) => Math.max(Math.min(chunk, dim - i * chunk), 0));
  if (sizes.reduce((sum, size) => sum + size, 0) !== dim || sizes.some((size) => size < 0)) {
    throw node.invalid(`splits ${dim} elements into [${sizes}]`);
  }
  return [...sizes];
}
