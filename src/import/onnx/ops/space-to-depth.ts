import { Composer } from "../compose.ts";
import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";

/** SpaceToDepth: blocks of pixels become blocks of channels. */
export function spaceToDepth(node: OnnxNode, context: Context): number {
  const input = context.value(node, 0);
  const [batch, channels, height, width] = context.shapeOfRank(node, input, 4) as [number, number, number, number];
  const block = node.int("blocksize", 0);
  const [rows, columns] = [height / block, width / block];
  if (!(block >= 1 && Number.isInteger(rows) && Number.isInteger(columns)))
    throw node.invalid(`makes blocks of ${block} of ${height}x${width} pixels`);
  const composer = new Composer(node, context);
  const split = composer.reshape(input, [batch, channels, rows, block, columns, block]);
  return composer.reshape(composer.transpose(split, [0, 3, 5, 1, 2, 4]), [batch, channels * block ** 2, rows, columns]);
}
