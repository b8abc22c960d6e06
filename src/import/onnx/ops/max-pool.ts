import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";
import { readWindow } from "../window.ts";

/** MaxPool without its optional second output, the indices. */
export function maxPool(node: OnnxNode, context: Context): number {
  const input = context.value(node, 0);
  const shape = context.shapeOfRank(node, input, 4);
  const window = readWindow(node, shape, node.ints("kernel_shape") ?? []);
  return context.draft.add(node.name, "maxpool", { window, ceilMode: node.int("ceil_mode", 0) !== 0 }, [input]);
}
