// Operators of one, two or more values.
import { Composer } from "./compose.ts";
import type { Context } from "./context.ts";
import type { OnnxNode } from "./node.ts";

/** Combine all inputs from left to right. */
export function overAll(node: OnnxNode, context: Context, pair: (composer: Composer, a: number, b: number) => number): number {
  const composer = new Composer(node, context);
  return node.inputs.map((_, index) => context.value(node, index)).reduce((a, b) => pair(composer, a, b));
}
