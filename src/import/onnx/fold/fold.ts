// Constant folding: a node whose inputs are all constants is computed now. Shapes count as constants, with NaN
// for the batch. Runs before any operator is imported, so importers see weights, not the code that made them.
import { LoadError } from "../../../graph/errors.ts";
import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";
import type { Operand } from "../operand.ts";
import { operatorName } from "../ops/table.ts";
import { integers, type Tensor } from "../tensor.ts";
import { ARITHMETIC } from "./arithmetic.ts";
import { CONSTANTS } from "./constants.ts";
import type { Folder } from "./folder.ts";
import { LOGIC } from "./logic.ts";
import { REDUCTION } from "./reduction.ts";
import { SELECTION } from "./selection.ts";
import { SHAPES } from "./shapes.ts";
import { UNARY } from "./unary.ts";

const FOLDERS: Readonly<Record<string, Folder>> = { ...ARITHMETIC, ...CONSTANTS, ...LOGIC, ...REDUCTION, ...SELECTION, ...SHAPES, ...UNARY };

/** Elements all folding of one model may read or write; a net of 25 million weights with its quantizers left in needs half of it. */
const MAX_WORK = 2 ** 30;

/** Return what the node's outputs are if they are constants; undefined when they are not. */
export function fold(node: OnnxNode, domain: string, context: Context): Operand[] | undefined {
  const name = operatorName(domain, node.op);
  if (name === "Shape") return asOperands(shapeOf(node, context));
  if (name === undefined || !Object.hasOwn(FOLDERS, name)) return undefined;
  const inputs = node.inputs.map((_, i) => context.findConstant(node, i));
  if (inputs.some((tensor, i) => tensor === undefined && node.hasInput(i))) return undefined;
  const made = (FOLDERS[name] as Folder)(node, inputs);
  const results = Array.isArray(made) ? made : [made];
  for (const tensor of [...inputs, ...results]) context.foldedElements += tensor?.data.length ?? 0;
  if (context.foldedElements > MAX_WORK) {
    throw new LoadError("too-large", "the constants of this model take too much computing; bake the weights before exporting", node.name);
  }
  return asOperands(...results);
}

function asOperands(...tensors: Tensor[]): Operand[] {
  return tensors.map((tensor): Operand => ({ kind: "constant", tensor }));
}

/** Shape, whole or in part (start and end are attributes since opset 15). */
function shapeOf(node: OnnxNode, context: Context): Tensor {
  const operand = context.operand(node, 0);
  if (operand.kind === "constant") return part(node, operand.tensor.shape);
  if (operand.kind === "missing") throw node.unsupported("asks for the shape of something that could not be imported", "see the other messages");
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
