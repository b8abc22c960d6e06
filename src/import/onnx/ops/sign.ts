import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";
import * as binarized from "../sign.ts";

export function sign(node: OnnxNode, context: Context): number {
  return binarized.sign(context, node.name, context.value(node, 0));
}
