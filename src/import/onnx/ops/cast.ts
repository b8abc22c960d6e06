// Cast between float types changes nothing here; of a comparison it gives 1 and 0; to whole numbers it drops what is behind the point.
import { Composer } from "../compose.ts";
import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";
import type { Operand } from "../operand.ts";
import { isFloat } from "../tensor.ts";
import { dataTypeOf } from "../wire/tensor.ts";

export function cast(node: OnnxNode, context: Context): number | Operand {
  const operand = context.operand(node, 0);
  const type = dataTypeOf(node.int("to", 0));
  if (operand.kind === "condition") {
    if (type === "bool") return operand;
    return new Composer(node, context).truth(operand.condition);
  }
  if (type === undefined)
    throw node.unsupported(`casts to data type ${node.int("to", 0)}`, "float, double, float16, int8, uint8, int32, int64 and bool are known");
  if (isFloat(type) || context.isInteger(node, 0)) return operand;
  const composer = new Composer(node, context);
  const x = context.value(node, 0);
  if (type === "bool") return composer.isAbove(composer.abs(x), 0);
  const whole = composer.truncate(x);
  context.draft.wholes.add(whole);
  return whole;
}
