// Cast between float types changes nothing here; of a comparison to float it gives 1 and 0.
import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";
import type { Operand } from "../operand.ts";
import { scaleShift } from "../scale-shift.ts";
import { isFloat } from "../tensor.ts";
import { binarize } from "../threshold.ts";
import { dataTypeOf } from "../wire/tensor.ts";

export function cast(node: OnnxNode, context: Context): number | Operand {
  const operand = context.operand(node, 0);
  const type = dataTypeOf(node.int("to", 0));
  if (operand.kind === "condition") {
    if (type === "bool") return operand;
    return scaleShift(context, node.name, binarize(context, node.name, operand.condition), [0.5], [0.5]);
  }
  if (type === undefined || !isFloat(type))
    throw node.unsupported(`turns real numbers into ${type ?? `data type ${node.int("to", 0)}`}`, "only casts between float types are supported");
  return operand;
}
