// Comparisons of a real value with a constant, or of two values by their difference. They make no node yet:
// Where and Cast do, when they turn true and false into numbers.
import { negate, splitConstant, sum } from "./arithmetic.ts";
import type { Context } from "./context.ts";
import type { OnnxNode } from "./node.ts";
import type { Operand } from "./operand.ts";
import { ABOVE_ZERO, floatAbove, floatAtLeast } from "./threshold.ts";

type Relation = ">" | ">=" | "<" | "<=";

const MIRRORED: Readonly<Record<Relation, Relation>> = { ">": "<", ">=": "<=", "<": ">", "<=": ">=" };

/** Read `input 0 <relation> input 1` as "x >= threshold", possibly negated. */
export function compare(node: OnnxNode, context: Context, relation: Relation): Operand {
  const split = splitConstant(node, context);
  if (split === undefined) {
    const difference = sum(context, node.name, context.value(node, 0), negate(context, node.name, context.value(node, 1)));
    return condition(difference, relation, [0]);
  }
  return condition(split.value, split.side === 0 ? relation : MIRRORED[relation], split.constant);
}

function condition(x: number, relation: Relation, constant: readonly number[]): Operand {
  const includesEqual = relation === ">=" || relation === "<";
  const thresholds = constant.map((value) => (includesEqual ? floatAtLeast(value) : value === 0 ? ABOVE_ZERO : floatAbove(value)));
  return { kind: "condition", condition: { x, thresholds, isNegated: relation.startsWith("<") } };
}
