// Parts of constants: Concat, Gather, Slice, Split. Each works along an axis on runs of `inner` elements.
import { toAxis } from "../axes.ts";
import type { OnnxNode } from "../node.ts";
import { type Range, readSlices, resolveRange, splitSizes } from "../slicing.ts";
import { countOf, type Tensor } from "../tensor.ts";
import { allocate, type Folder, need } from "./folder.ts";

/** Copy the listed positions of an axis. */
function pick(node: OnnxNode, tensor: Tensor, axis: number, positions: readonly number[], shapeOfPositions: readonly number[]): Tensor {
  const { shape, data, type } = tensor;
  const dim = shape[axis] as number;
  const inner = countOf(shape.slice(axis + 1));
  const result = allocate(node, type, [...shape.slice(0, axis), ...shapeOfPositions, ...shape.slice(axis + 1)]);
  let at = 0;
  for (let outer = 0; at < result.data.length; outer++) {
    for (const position of positions) {
      const from = (outer * dim + position) * inner;
      result.data.set(data.subarray(from, from + inner), at);
      at += inner;
    }
  }
  return result;
}

const concat: Folder = (node, inputs) => {
  const tensors = inputs.map((_, i) => need(node, inputs, i));
  const first = need(node, inputs, 0);
  const axis = toAxis(node, node.int("axis", 1), first.shape.length);
  const others = (shape: readonly number[]) => shape.filter((_, i) => i !== axis).join();
  if (tensors.some(({ shape }) => others(shape) !== others(first.shape))) throw node.invalid("joins constants whose other dimensions differ");
  const size = tensors.reduce((total, { shape }) => total + (shape[axis] as number), 0);
  const result = allocate(
    node,
    first.type,
    first.shape.map((dim, i) => (i === axis ? size : dim)),
  );
  const inner = countOf(first.shape.slice(axis + 1));
  let at = 0;
  for (let outer = 0; at < result.data.length; outer++) {
    for (const { shape, data } of tensors) {
      const run = (shape[axis] as number) * inner;
      result.data.set(data.subarray(outer * run, (outer + 1) * run), at);
      at += run;
    }
  }
  return result;
};

const gather: Folder = (node, inputs) => {
  const tensor = need(node, inputs, 0);
  const indices = need(node, inputs, 1);
  const axis = toAxis(node, node.int("axis", 0), tensor.shape.length);
  const dim = tensor.shape[axis] as number;
  const positions = Array.from(indices.data, (index) => (index < 0 ? index + dim : index));
  if (positions.some((position) => !(position >= 0 && position < dim)))
    throw node.invalid(`picks [${indices.data.slice(0, 8)}] from ${dim} elements`);
  return pick(node, tensor, axis, positions, indices.shape);
};

const slice: Folder = (node, inputs) => {
  const list = (index: number, attribute: string) => (inputs[index] ? Array.from(inputs[index].data) : node.ints(attribute));
  let tensor = need(node, inputs, 0);
  for (const { axis, start, end, step } of readSlices(node, list(1, "starts") ?? [], list(2, "ends") ?? [], list(3, "axes"), list(4, "steps"))) {
    const at = toAxis(node, axis, tensor.shape.length);
    tensor = pickRange(node, tensor, at, resolveRange(node, tensor.shape[at] as number, start, end, step));
  }
  return tensor;
};

const split: Folder = (node, inputs) => {
  const tensor = need(node, inputs, 0);
  const axis = toAxis(node, node.int("axis", 0), tensor.shape.length);
  const listed = inputs[1] ? Array.from(inputs[1].data) : node.ints("split");
  let end = 0;
  return splitSizes(node, tensor.shape[axis] as number, listed, node.int("num_outputs", node.outputs.length)).map((size) => {
    end += size;
    return pickRange(node, tensor, axis, { start: end - size, step: 1, size });
  });
};

function pickRange(node: OnnxNode, tensor: Tensor, axis: number, { start, step, size }: Range): Tensor {
  const positions = Array.from({ length: size }, (_, i) => start + i * step);
  return pick(node, tensor, axis, positions, [size]);
}

export const SELECTION: Readonly<Record<string, Folder>> = { Concat: concat, Gather: gather, Slice: slice, Split: split };
