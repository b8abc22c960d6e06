// Comparisons, truth and choice of constants. True is 1, false is 0.
import { mapElements } from "./broadcast.ts";
import { type Folder, need } from "./folder.ts";

function relation(holds: (a: number, b: number) => boolean): Folder {
  return (node, inputs) => mapElements(node, "bool", [need(node, inputs, 0), need(node, inputs, 1)], (a, b) => Number(holds(a, b)));
}

export const LOGIC: Readonly<Record<string, Folder>> = {
  And: relation((a, b) => a !== 0 && b !== 0),
  Equal: relation((a, b) => a === b),
  Greater: relation((a, b) => a > b),
  GreaterOrEqual: relation((a, b) => a >= b),
  Less: relation((a, b) => a < b),
  LessOrEqual: relation((a, b) => a <= b),
  Or: relation((a, b) => a !== 0 || b !== 0),
  Not: (node, inputs) => mapElements(node, "bool", [need(node, inputs, 0)], (value) => Number(value === 0)),
  Where: (node, inputs) => {
    const [test, yes, no] = [need(node, inputs, 0), need(node, inputs, 1), need(node, inputs, 2)];
    return mapElements(node, yes.type, [test, yes, no], (holds, a, b) => (holds !== 0 ? a : b));
  },
};
