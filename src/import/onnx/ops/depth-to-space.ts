import { Composer } from "../compose.ts";
import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";

/** DepthToSpace: blocks of channels become blocks of pixels. DCR has the block before the channels, CRD after. */
export function depthToSpace(node: OnnxNode, context: Context): number {
  const input = context.value(node, 0);
  const [batch, channels, height, width] = context.shapeOfRank(node, input, 4) as [number, number, number, number];
  const block = node.int("blocksize", 0);
  const left = channels / block ** 2;
  if (!(block >= 1 && Number.isInteger(left))) throw node.invalid(`makes blocks of ${block} of ${channels} channels`);
  const isBlockFirst = node.text("mode", "DCR") === "DCR";
  const composer = new Composer(node, context);
  const split = composer.reshape(input, isBlockFirst ? [batch, block, block, left, height, width] : [batch, left, block, block, height, width]);
  return composer.reshape(composer.transpose(split, isBlockFirst ? [0, 3, 4, 1, 5, 2] : [0, 1, 4, 2, 5, 3]), [
    batch,
    left,
    height * block,
    width * block,
  ]);
}
