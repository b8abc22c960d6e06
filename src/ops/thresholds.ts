// Thresholds that turn a value into a bit, per channel: bit = (v < value) != flip. Shared by conv2d, dense, binarize.
import type { Thresholds } from "../graph/attributes.ts";
import { countWords } from "../graph/graph.ts";
import type { Stored } from "./op.ts";

/** List the constants of thresholds for `channels` channels. */
export function storedThresholds<D>(thresholds: Thresholds<D> | undefined, channels: number): Stored<D>[] {
  if (thresholds === undefined) return [];
  const list = [{ name: "thresholds", data: thresholds.values, bytes: 4 * channels }];
  if (thresholds.flips !== undefined) list.push({ name: "threshold flips", data: thresholds.flips, bytes: 4 * countWords(channels) });
  return list;
}
