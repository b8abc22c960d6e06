// The few types of the Workers platform that this example uses; @cloudflare/workers-types has all of them.

export interface Env {
  /** "bundle" (default), "r2" or "assets". */
  MODEL_SOURCE?: string;
  /** Name of the model in the bucket or among the assets. */
  MODEL_KEY?: string;
  MODELS?: { get(key: string): Promise<{ body: ReadableStream<Uint8Array> } | null> };
  ASSETS?: { fetch(url: string): Promise<Response> };
}

export interface Context {
  waitUntil(promise: Promise<unknown>): void;
}
