// Thresholds that turn a value into a bit, per channel: bit = (v < value) != flip. Shared by conv2d, dense, binarize.
import type { Builder } from "flatbuffers";
import { Thresholds as StoredThresholds } from "../format/generated/hybit.ts";
import type { Thresholds } from "../graph/attributes.ts";
import { countWords, type Numbers, type Span } from "../graph/graph.ts";
import type { Store, Stored } from "./op.ts";
import { decodeRequiredSpan, decodeSpan, encodeSpan } from "./span.ts";

export function decodeThresholds(stored: StoredThresholds | null): Thresholds<Span> | undefined {
  return stored === null ? undefined : { values: decodeRequiredSpan(stored.values()), flips: decodeSpan(stored.flips()) };
}

/** Write the table and return its offset; 0, which FlatBuffers reads as "absent", when there are none. */
export function encodeThresholds(builder: Builder, thresholds: Thresholds<Numbers> | undefined, store: Store): number {
  if (thresholds === undefined) return 0;
  StoredThresholds.startThresholds(builder);
  StoredThresholds.addValues(builder, encodeSpan(builder, thresholds.values, store));
  if (thresholds.flips !== undefined) StoredThresholds.addFlips(builder, encodeSpan(builder, thresholds.flips, store));
  return StoredThresholds.endThresholds(builder);
}

/** List the constants of thresholds for `channels` channels. */
export function storedThresholds<D>(thresholds: Thresholds<D> | undefined, channels: number): Stored<D>[] {
  if (thresholds === undefined) return [];
  const list = [{ name: "thresholds", data: thresholds.values, bytes: 4 * channels }];
  if (thresholds.flips !== undefined) list.push({ name: "threshold flips", data: thresholds.flips, bytes: 4 * countWords(channels) });
  return list;
}
