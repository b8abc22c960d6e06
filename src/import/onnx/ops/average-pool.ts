import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";
import { readWindow } from "../window.ts";

/** AveragePool; torch writes an all-zero Pad before it, which has vanished by now. */
export function averagePool(node: OnnxNode, context: Context): number {
  const input = context.value(node, 0);
  const shape = context.shapeOfRank(node, input, 4);
  const window = readWindow(node, shape, node.ints("kernel_shape") ?? []);
  const countIncludePad = node.int("count_include_pad", 0) !== 0;
  return context.draft.add(node.name, "avgpool", { window, ceilMode: node.int("ceil_mode", 0) !== 0, countIncludePad }, [input]);
}
