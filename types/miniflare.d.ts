// The part of miniflare that tests use: it is installed for `npm run test:runtimes` only, and types are checked without it.
declare module "miniflare" {
  export interface Bucket {
    get(key: string): Promise<{ text(): Promise<string> } | null>;
    put(key: string, value: string | Uint8Array): Promise<unknown>;
    delete(key: string): Promise<void>;
    list(options?: { prefix?: string; cursor?: string }): Promise<{ objects: { key: string }[]; truncated: boolean; cursor?: string }>;
  }
  /** Miniflare 4's, which 5 converts. */
  export interface Options {
    name?: string;
    modules?: { type: "ESModule" | "CompiledWasm" | "Data"; path: string; contents: string | Uint8Array }[];
    modulesRoot?: string;
    compatibilityDate?: string;
    cf?: boolean;
    bindings?: Record<string, string>;
    r2Buckets?: string[];
    resourcePersistencePath?: string;
    assets?: { directory: string; binding: string; routerConfig?: object; assetConfig?: object };
    queueProducers?: Record<string, string>;
    queueConsumers?: Record<string, { maxBatchSize?: number; maxBatchTimeout?: number; maxRetries?: number; deadLetterQueue?: string; retryDelay?: number }>;
  }
  type Converted = { workers: unknown[] };
  export function convertV4MiniflareOptions(options: Options): Converted;
  export class Miniflare {
    constructor(options: Converted);
    readonly ready: Promise<URL>;
    getR2Bucket(binding: string): Promise<Bucket>;
    dispose(): Promise<void>;
  }
}
