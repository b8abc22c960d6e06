// Constants as such: Constant, ConstantOfShape, Range, Cast, and the operators that change nothing.
import type { OnnxNode } from "../node.ts";
import { countOf, integers, type Tensor, toType } from "../tensor.ts";
import { dataTypeOf } from "../wire/tensor.ts";
import { mapElements } from "./broadcast.ts";
import { allocate, type Folder, need } from "./folder.ts";

function constant(node: OnnxNode): Tensor {
  const tensor = node.tensor("value");
  if (tensor !== undefined) return tensor;
  if (node.has("value_float")) return { type: "float", shape: [], data: Float64Array.of(node.float("value_float", 0)) };
  if (node.has("value_int")) return integers([node.int("value_int", 0)], []);
  const floats = node.floats("value_floats");
  if (floats !== undefined) return { type: "float", shape: [floats.length], data: Float64Array.from(floats) };
  const ints = node.ints("value_ints");
  if (ints !== undefined) return integers(ints);
  throw node.unsupported("holds neither numbers nor a tensor", "only numeric constants are supported");
}

/** A batch-sized dimension becomes 1: every element is the same, so it broadcasts. */
const constantOfShape: Folder = (node, inputs) => {
  const shape = Array.from(need(node, inputs, 0).data, (dim) => (Number.isNaN(dim) ? 1 : dim));
  const fill = node.tensor("value");
  const result = allocate(node, fill?.type ?? "float", shape);
  result.data.fill(fill?.data[0] ?? 0);
  return result;
};

const range: Folder = (node, inputs) => {
  const [start, limit, delta] = [0, 1, 2].map((i) => need(node, inputs, i).data[0] as number) as [number, number, number];
  const result = allocate(node, need(node, inputs, 0).type, [Math.max(Math.ceil((limit - start) / delta), 0)]);
  for (let i = 0; i < countOf(result.shape); i++) result.data[i] = start + i * delta;
  return result;
};

const cast: Folder = (node, inputs) => {
  const tensor = need(node, inputs, 0);
  const type = dataTypeOf(node.int("to", 0));
  if (type === undefined) throw node.unsupported(`casts to ONNX data type ${node.int("to", 0)}`, "cast to float, int32, int64 or bool");
  return mapElements(node, type, [tensor], (value) => toType(value, type));
};

const same: Folder = (node, inputs) => need(node, inputs, 0);

export const CONSTANTS: Readonly<Record<string, Folder>> = {
  Cast: cast,
  Constant: constant,
  ConstantOfShape: constantOfShape,
  Dropout: same,
  Identity: same,
  Range: range,
  BipolarQuant: (node, inputs) =>
    mapElements(node, "float", [need(node, inputs, 0), need(node, inputs, 1)], (value, scale) => (value >= 0 ? scale : -scale)),
};
