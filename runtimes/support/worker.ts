// Bundles an example as its user would, by `wrangler deploy --dry-run`, and runs what comes out in miniflare, which is workerd.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { convertV4MiniflareOptions, Miniflare, type V4MiniflareOptions } from "miniflare";
import { NODES, PACKED, WRANGLER } from "./paths.ts";

export const COMPATIBILITY_DATE = "2026-11-01";

/** Options of one worker. */
type Options = Partial<Extract<V4MiniflareOptions, { modules?: unknown }>>;

/** What tests use of an R2 bucket. */
export interface Bucket {
  put(key: string, value: string | Uint8Array): Promise<unknown>;
  get(key: string): Promise<{ text(): Promise<string> } | null>;
  delete(key: string): Promise<void>;
  list(options?: { prefix?: string; cursor?: string }): Promise<{ objects: { key: string }[]; truncated: boolean; cursor?: string }>;
}

export interface Bundle {
  /** Where index.js and what it imports lie. */
  folder: string;
  /** What wrangler says of the upload's size. */
  size: string;
}

/** Bundle examples/NAME against the packed hybit; `prepare` may add files to the copy first. */
export function bundleExample(name: string, prepare: (folder: string) => void = () => {}): Bundle {
  const examples = join(PACKED, "examples");
  rmSync(join(examples, name), { recursive: true, force: true });
  cpSync("examples", examples, { recursive: true });
  prepare(join(examples, name));
  const library = join(PACKED, "node_modules/fast-png");
  if (!existsSync(library)) symlinkSync(resolve("runtimes/node_modules/fast-png"), library);
  const folder = join(examples, name, "bundle");
  const env = { ...process.env, WRANGLER_SEND_METRICS: "false", CI: "1", NO_COLOR: "1" };
  const said = execFileSync(NODES["24"], [WRANGLER, "deploy", "--dry-run", "--outdir", folder], {
    cwd: join(examples, name),
    env,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 60_000,
  });
  return { folder, size: /Total Upload: .*/.exec(said)?.[0] ?? said };
}

/** The modules of a bundle, the entry first, as miniflare takes them. */
export function listModules(folder: string, entry = "index.js") {
  const kinds = { js: "ESModule", wasm: "CompiledWasm", hybit: "Data" } as const;
  return readdirSync(folder)
    .flatMap((name) => {
      const type = kinds[name.split(".").at(-1) as keyof typeof kinds];
      return type === undefined ? [] : [{ type, path: name, contents: readFileSync(join(folder, name)) }];
    })
    .sort((a, b) => Number(b.path === entry) - Number(a.path === entry));
}

/** Run a bundle; `await using` ends it. */
export async function startWorker(folder: string, entry?: string, options: Options = {}) {
  const miniflare = new Miniflare(
    // What is spread has no script of its own.
    convertV4MiniflareOptions({
      name: "tested",
      modules: listModules(folder, entry),
      modulesRoot: "/",
      compatibilityDate: COMPATIBILITY_DATE,
      cf: false,
      ...options,
    } as V4MiniflareOptions),
  );
  const url = await miniflare.ready;
  // Its own types are those of a package that is not installed.
  const openBucket = async (binding: string) => (await miniflare.getR2Bucket(binding)) as unknown as Bucket;
  return { openBucket, miniflare, url, [Symbol.asyncDispose]: () => miniflare.dispose() };
}
