// Sums, means and extremes of constants over axes.
import { toAxes } from "../axes.ts";
import { stridesOf } from "../tensor.ts";
import { allocate, type Folder, need } from "./folder.ts";

function reduce(
  start: number,
  step: (total: number, value: number) => number,
  finish: (total: number, count: number) => number = (total) => total,
): Folder {
  return (node, inputs) => {
    const { type, shape, data } = need(node, inputs, 0);
    const listed = inputs[1] ? Array.from(inputs[1].data) : node.ints("axes");
    if (listed?.length === 0 && node.int("noop_with_empty_axes", 0) !== 0) return need(node, inputs, 0);
    const axes = listed && listed.length > 0 ? toAxes(node, listed, shape.length) : [...shape.keys()];
    const kept = shape.map((dim, axis) => (axes.includes(axis) ? 1 : dim));
    const result = allocate(node, type, kept);
    result.data.fill(start);
    const from = stridesOf(shape);
    const to = stridesOf(kept);
    for (let i = 0; i < data.length; i++) {
      let place = 0;
      for (let axis = 0; axis < shape.length; axis++) {
        if (kept[axis] !== 1) place += (Math.floor(i / (from[axis] as number)) % (shape[axis] as number)) * (to[axis] as number);
      }
      result.data[place] = step(result.data[place] as number, data[i] as number);
    }
    const count = data.length / result.data.length;
    result.data.forEach((total, i) => {
      result.data[i] = finish(total, count);
    });
    return { ...result, shape: node.int("keepdims", 1) !== 0 ? kept : shape.filter((_, axis) => !axes.includes(axis)) };
  };
}

const sum = (total: number, value: number) => total + value;

export const REDUCTION: Readonly<Record<string, Folder>> = {
  ReduceL1: reduce(0, (total, value) => total + Math.abs(value)),
  ReduceL2: reduce(0, (total, value) => total + value * value, Math.sqrt),
  ReduceMax: reduce(Number.NEGATIVE_INFINITY, Math.max),
  ReduceMean: reduce(0, sum, (total, count) => total / count),
  ReduceMin: reduce(Number.POSITIVE_INFINITY, Math.min),
  ReduceProd: reduce(1, (total, value) => total * value),
  ReduceSum: reduce(0, sum),
};
