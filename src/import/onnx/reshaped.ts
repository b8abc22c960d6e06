// Giving a value another shape; nothing is added when it has it already.
import type { Shape } from "../../graph/graph.ts";
import type { Context } from "./context.ts";

/** Return the value with this shape; -1 in dimension 0 is whatever the batch makes it. */
export function reshaped(context: Context, name: string, value: number, shape: Shape): number {
  const current = context.shape(value);
  if (current.length === shape.length && current.every((dim, axis) => dim === shape[axis])) return value;
  return context.draft.add(name, "reshape", { shape: [...shape] }, [value]);
}
