// Stored constants as they stand in a file's tables.
import type { Builder } from "flatbuffers";
import { Span as StoredSpan } from "../format/generated/hybit.ts";
import type { Numbers, Span } from "../graph/graph.ts";
import type { Store } from "./op.ts";

/** Read a span; undefined when the file does not have it. */
export function decodeSpan(stored: StoredSpan | null): Span | undefined {
  return stored === null ? undefined : { offset: stored.offset(), bytes: stored.bytes() };
}

/** Read a span of a required field: the verifier has seen that it is there. */
export function decodeRequiredSpan(stored: StoredSpan | null): Span {
  return decodeSpan(stored) as Span;
}

/** Store an array and write its span. FlatBuffers wants structs written right before the field that holds them. */
export function encodeSpan(builder: Builder, numbers: Numbers, store: Store): number {
  const { offset, bytes } = store(numbers);
  return StoredSpan.createSpan(builder, offset, bytes);
}
