// PRelu: with one slope, or one per channel, a node of its own.
import { perChannel } from "../channels.ts";
import { Composer } from "../compose.ts";
import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";

export function prelu(node: OnnxNode, context: Context): number {
  const input = context.value(node, 0);
  const slopes = context.findConstant(node, 1);
  const shape = context.shape(input);
  const slope = slopes && perChannel(slopes, shape);
  if (slope === undefined || shape.length < 2) {
    const composer = new Composer(node, context);
    return composer.add(composer.positive(input), composer.mul(context.value(node, 1), composer.negative(input)));
  }
  return context.draft.add(node.name, "prelu", { slope: context.spread(node.name, slope, shape[1] as number) }, [input]);
}
