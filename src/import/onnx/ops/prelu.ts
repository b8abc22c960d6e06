// PRelu with one slope, or one per channel.
import { perChannel } from "../channels.ts";
import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";

export function prelu(node: OnnxNode, context: Context): number {
  const input = context.value(node, 0);
  const slopes = context.requireConstant(node, 1, "slope");
  const shape = context.shape(input);
  const slope = perChannel(slopes, shape);
  if (slope === undefined || shape.length < 2) {
    throw node.unsupported(
      `has a slope of shape [${slopes.shape}] for a value of shape [${shape}]`,
      "one slope, or one per channel ([C,1,1]), is supported",
    );
  }
  return context.draft.add(node.name, "prelu", { slope: context.spread(node.name, slope, shape[1] as number) }, [input]);
}
