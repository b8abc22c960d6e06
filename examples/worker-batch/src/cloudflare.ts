// The few types of the Workers platform that this example uses; @cloudflare/workers-types has all of them.
import type { Part } from "./split.ts";

export interface StoredObject {
  key: string;
  size: number;
  etag: string;
}

export interface StoredBody extends StoredObject {
  /** Missing if a condition of the read did not hold. */
  body?: ReadableStream<Uint8Array<ArrayBuffer>>;
  arrayBuffer(): Promise<ArrayBuffer>;
  text(): Promise<string>;
}

export interface Bucket {
  head(key: string): Promise<StoredObject | null>;
  get(key: string, options?: { range?: { offset: number; length: number }; onlyIf?: { etagMatches: string } }): Promise<StoredBody | null>;
  put(key: string, value: string): Promise<StoredObject>;
  delete(keys: string[]): Promise<void>;
  list(options: { prefix: string; cursor?: string }): Promise<{ objects: StoredObject[]; truncated: boolean; cursor?: string }>;
}

export interface Env {
  BUCKET: Bucket;
  PARTS: { sendBatch(messages: { body: Part }[]): Promise<void> };
  /** Name of the queue that gets what failed too often. */
  DEAD_LETTERS: string;
  /** How long a part waits before it is tried again. */
  RETRY_SECONDS: string;
}

export interface MessageBatch {
  queue: string;
  messages: readonly { body: Part; attempts: number; ack(): void; retry(options: { delaySeconds: number }): void }[];
}
