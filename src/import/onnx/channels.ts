// Constants seen from a value they are combined with: one number for all of it, one per channel (axis 1), or
// something finer.
import type { Shape } from "../../graph/graph.ts";
import { stridesOf, type Tensor } from "./tensor.ts";

/** Read a constant that broadcasts against `shape` as one number, or one per channel; undefined if it varies otherwise or would enlarge the value. */
export function perChannel(tensor: Tensor, shape: Shape): number[] | undefined {
  const { data } = tensor;
  const offset = shape.length - tensor.shape.length;
  if (offset < 0 || data.length === 0) return undefined;
  if (tensor.shape.some((dim, axis) => dim !== 1 && dim !== shape[axis + offset])) return undefined;
  if (data.every((value) => Object.is(value, data[0]))) return [data[0] as number];
  const axis = 1 - offset;
  if (axis < 0 || axis >= tensor.shape.length || tensor.shape[axis] === 1) return undefined;
  const channels = tensor.shape[axis] as number;
  const stride = stridesOf(tensor.shape)[axis] as number;
  const values = Array.from({ length: channels }, (_, channel) => data[channel * stride] as number);
  return data.every((value, i) => Object.is(value, values[Math.floor(i / stride) % channels])) ? values : undefined;
}

/** Combine two per-channel lists, either of which may be a single number. */
export function zipChannels(a: readonly number[], b: readonly number[], combine: (a: number, b: number) => number): number[] {
  const long = a.length >= b.length ? a : b;
  return long.map((_, i) => combine(a[a.length === 1 ? 0 : i] as number, b[b.length === 1 ? 0 : i] as number));
}
