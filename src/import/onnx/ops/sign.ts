import { Composer } from "../compose.ts";
import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";
import * as binarized from "../sign.ts";

/** Sign of real values; of whole numbers, and of values without channels, which are no layer's input, it is exact: 0 at 0. */
export function sign(node: OnnxNode, context: Context): number {
  const x = context.value(node, 0);
  if (context.isInteger(node, 0) || context.shape(x).length < 2) {
    const composer = new Composer(node, context);
    return composer.sub(composer.isAbove(x, 0), composer.isAbove(composer.affine(x, -1), 0));
  }
  return binarized.sign(context, node.name, x);
}
