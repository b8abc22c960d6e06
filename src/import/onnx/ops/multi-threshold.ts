import { Composer } from "../compose.ts";
import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";

/** More signs cost more than anything that reads them gains. */
const MOST = 255;

/** FINN's MultiThreshold: out_scale times the number of thresholds that x reaches, plus out_bias. Thresholds are [1 or C, count]. */
export function multiThreshold(node: OnnxNode, context: Context): number {
  const composer = new Composer(node, context);
  const x = context.value(node, 0);
  const thresholds = context.requireConstant(node, 1, "thresholds");
  const layout = node.text("data_layout", "");
  const [rows = 0, count = 0] = thresholds.shape;
  const channels = context.shape(x)[1] ?? 1;
  if (layout.endsWith("C") && layout.length > 2)
    throw node.unsupported(`has data_layout ${layout}`, "channels have to be the second dimension: NC or NCHW");
  if (thresholds.shape.length !== 2 || count < 1 || count > MOST || (rows !== 1 && rows !== channels)) {
    throw node.unsupported(`has thresholds of shape [${thresholds.shape}] for ${channels} channels`, `[1 or C, up to ${MOST}] is supported`);
  }
  const reached = Array.from({ length: count }, (_, step) => {
    const values = Array.from({ length: rows }, (__, row) => thresholds.data[row * count + step] as number);
    return composer.truth({ x, thresholds: values, isNegated: false });
  });
  return composer.affine(
    reached.reduce((sum, each) => composer.add(sum, each)),
    node.float("out_scale", 1),
    node.float("out_bias", 0),
  );
}
