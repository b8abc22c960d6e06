// Constants under another shape: Reshape, Flatten, Squeeze, Unsqueeze, Expand, Transpose.
import { toAxes } from "../axes.ts";
import type { OnnxNode } from "../node.ts";
import { resolveReshape } from "../reshape-shape.ts";
import { countOf, stridesOf, type Tensor } from "../tensor.ts";
import { broadcastShape, mapElements } from "./broadcast.ts";
import { allocate, type Folder, need, withShape } from "./folder.ts";

const reshape: Folder = (node, inputs) => {
  const tensor = need(node, inputs, 0);
  const target = Array.from(need(node, inputs, 1).data);
  return withShape(node, tensor, resolveReshape(node, tensor.shape, 1, target, node.int("allowzero", 0) === 0));
};

const flatten: Folder = (node, inputs) => {
  const tensor = need(node, inputs, 0);
  const axis = node.int("axis", 1);
  const at = axis < 0 ? axis + tensor.shape.length : axis;
  return withShape(node, tensor, [countOf(tensor.shape.slice(0, at)), countOf(tensor.shape.slice(at))]);
};

/** Axes from input 1, or from the attribute before opset 13. */
function listedAxes(node: OnnxNode, inputs: readonly (Tensor | undefined)[]): number[] | undefined {
  return inputs[1] ? Array.from(inputs[1].data) : node.ints("axes");
}

const squeeze: Folder = (node, inputs) => {
  const tensor = need(node, inputs, 0);
  const listed = listedAxes(node, inputs);
  const axes = listed && toAxes(node, listed, tensor.shape.length);
  return withShape(
    node,
    tensor,
    tensor.shape.filter((dim, axis) => (axes ? !axes.includes(axis) : dim !== 1)),
  );
};

const unsqueeze: Folder = (node, inputs) => {
  const tensor = need(node, inputs, 0);
  const listed = listedAxes(node, inputs) ?? [];
  const shape = [...tensor.shape];
  for (const axis of toAxes(node, listed, shape.length + listed.length)) shape.splice(axis, 0, 1);
  return withShape(node, tensor, shape);
};

/** A batch-sized dimension stays what it is: the constant broadcasts when it is used. */
const expand: Folder = (node, inputs) => {
  const tensor = need(node, inputs, 0);
  const target = Array.from(need(node, inputs, 1).data, (dim) => (Number.isNaN(dim) ? 1 : dim));
  const shape = broadcastShape(node, [tensor.shape, target]);
  return mapElements(node, tensor.type, [tensor, allocate(node, tensor.type, shape)], (value) => value);
};

const transpose: Folder = (node, inputs) => {
  const { type, shape, data } = need(node, inputs, 0);
  const perm = node.ints("perm") ?? [...shape.keys()].reverse();
  if (toAxes(node, perm, shape.length).length !== shape.length) throw node.invalid(`has perm [${perm}] for a constant of shape [${shape}]`);
  const strides = stridesOf(shape);
  const result = allocate(
    node,
    type,
    perm.map((axis) => shape[axis] as number),
  );
  const outer = stridesOf(result.shape);
  for (let i = 0; i < result.data.length; i++) {
    let place = 0;
    for (let axis = 0; axis < perm.length; axis++) {
      place += (Math.floor(i / (outer[axis] as number)) % (result.shape[axis] as number)) * (strides[perm[axis] as number] as number);
    }
    result.data[i] = data[place] as number;
  }
  return result;
};

export const SHAPES: Readonly<Record<string, Folder>> = {
  Expand: expand,
  Flatten: flatten,
  Reshape: reshape,
  Squeeze: squeeze,
  Transpose: transpose,
  Unsqueeze: unsqueeze,
};
