import type { Context } from "../context.ts";
import { exponentialLinear } from "../elu.ts";
import type { OnnxNode } from "../node.ts";

/** gamma times an ELU; the defaults are those of Klambauer et al. (arXiv 1706.02515). */
export function selu(node: OnnxNode, context: Context): number {
  return exponentialLinear(node, context, node.float("alpha", 1.6732631921768188), 1, node.float("gamma", 1.0507010221481323));
}
