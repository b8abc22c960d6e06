// Constant folding: a node whose inputs are all constants is computed now. Shapes count as constants, with NaN
// for the batch. Runs before any operator is imported, so importers see weights, not the code that made them.
import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";
import type { Operand } from "../operand.ts";
import { operatorName } from "../ops/table.ts";
import { integers, type Tensor } from "../tensor.ts";
import { ARITHMETIC } from "./arithmetic.ts";
import { CONSTANTS } from "./constants.ts";
import type { Folder } from "./folder.ts";
import { LOGIC } from "./logic.ts";
import { QUANTIZATION } from "./quantization.ts";
import { REDUCTION } from "./reduction.ts";
import { SELECTION } from "./selection.ts";
import { SHAPES } from "./shapes.ts";
import { UNARY } from "./unary.ts";

const FOLDERS: Readonly<Record<string, Folder>> = {
  ...ARITHMETIC,
  ...CONSTANTS,
  ...LOGIC,
  ...QUANTIZATION,
  ...REDUCTION,
  ...SELECTION,
  ...SHAPES,
  ...UNARY,
};

/** Return what the node's outputs are if they are constants; undefined when they are not. */
export function fold(node: OnnxNode, context: Context): Operand[] | undefined {
  const name = operatorName(node);
  if (name === "Shape") {
    const shape = shapeOf(node, context);
    return shape && asOperands(shape);
  }
  if (name === undefined || !Object.hasOwn(FOLDERS, name)) return undefined;
  const inputs = node.inputs.map((_, i) => context.findConstant(node, i));
  if (inputs.some((tensor, i) => tensor === undefined && node.hasInput(i))) return undefined;
  const made = (FOLDERS[name] as Folder)(node, inputs);
  const results = Array.isArray(made) ? made : [made];
  for (const tensor of results) context.spend(node, tensor.data.length);
  return asOperands(...results);
}

/** True if the operator is known here, though only for constants. */
export function canFold(node: OnnxNode): boolean {
  const name = operatorName(node);
  return name !== undefined && (name === "Shape" || Object.hasOwn(FOLDERS, name));
}

function asOperands(...tensors: Tensor[]): Operand[] {
  return tensors.map((tensor): Operand => ({ kind: "constant", tensor }));
}

/** Shape, whole or in part (start and end are attributes since opset 15). */
function shapeOf(node: OnnxNode, context: Context): Tensor | undefined {
  const operand = context.operand(node, 0);
  if (operand.kind === "constant") return part(node, operand.tensor.shape);
  if (operand.kind === "missing") return undefined;
  const index = operand.kind === "value" ? operand.index : operand.condition.x;
  const shape = context.shape(index);
  if (shape[0] === -1 && context.draft.rows(index) !== 1) {
    throw node.unsupported(
      `asks for the shape of a value that has ${context.draft.rows(index)} rows per image`,
      "keep the batch as the first dimension",
    );
  }
  return part(
    node,
    shape.map((dim) => (dim === -1 ? Number.NaN : dim)),
  );
}

function part(node: OnnxNode, shape: readonly number[]): Tensor {
  return integers(shape.slice(node.int("start", 0), node.int("end", shape.length)));
}
