// Gives convolutions of signs the input scale of XNOR-Net (arXiv 1603.05279), on request: K, the mean magnitude under each window of what the sign
// read. Changes what the net computes, for nets that were trained with it and exported without.
import { LoadError } from "../graph/errors.ts";
import type { Draft } from "./draft.ts";
import { explain, type PassContext } from "./pass.ts";

export function addXnorScale(draft: Draft, context: PassContext): void {
  let count = 0;
  for (const node of [...draft.nodes]) {
    if (node.op !== "conv2d" || node.inputs.length > 1) continue;
    const sign = draft.producerOf(draft.inputOf(node));
    if (sign?.op !== "binarize" || sign.attrs.thresholds !== undefined) continue;
    const [batch = -1, , ...size] = draft.shapeOf(draft.outputOf(node));
    const scale = draft.addValue(`${node.name}_scale`, "f32", [batch, 1, ...size]);
    const { window } = node.attrs;
    draft.addNode({ name: `${node.name}_scale`, op: "xnorscale", attrs: { window }, inputs: [draft.inputOf(sign)], outputs: [scale] });
    node.inputs.push(scale);
    explain(context, node.name, { binarized: "scaled by XNOR-Net's K" });
    count++;
  }
  if (count === 0) throw new LoadError("invalid", "no conv2d reads a sign around 0, so there is nothing to scale by XNOR-Net's K");
}
