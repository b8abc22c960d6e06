// A job is a manifest and what came of it:
//
//   jobs/ID.json              how many parts and lines; ID is a hash of the manifest's name and contents
//   results/ID/000017.ndjson  a line for each picture of part 17 that was classified; once it exists the part is done
//   failed/ID/000017.ndjson   a line for each that was not, and why
import type { Bucket, Env } from "./cloudflare.ts";
import { hash } from "./hash.ts";
import { type Part, splitLines } from "./split.ts";

interface Job {
  manifest: string;
  etag: string;
  parts: number;
  lines: number;
}

/** Queues take as many messages at once. */
const MESSAGES_AT_ONCE = 100;

export const keyOf = (kind: "results" | "failed", { job, part }: { job: string; part: number }) =>
  `${kind}/${job}/${String(part).padStart(6, "0")}.ndjson`;

/** Put every part on the queue that is not done; done again, it sends what is missing. Null if there is no such manifest. */
export async function startJob({ BUCKET, PARTS }: Env, manifest: string, retryFailed: boolean) {
  const object = await BUCKET.get(manifest);
  if (!object?.body) return null;
  const { etag } = object;
  const job = await hash(`${manifest}\n${etag}`);
  const spans = await splitLines(object.body);
  const lines = spans.reduce((sum, span) => sum + span.lines, 0);
  await BUCKET.put(`jobs/${job}.json`, JSON.stringify({ manifest, etag, parts: spans.length, lines } satisfies Job));
  if (retryFailed) await forgetFailed(BUCKET, job);
  const done = await listKeys(BUCKET, `results/${job}/`);
  const missing = spans.filter(({ part }) => !done.has(keyOf("results", { job, part })));
  for (let i = 0; i < missing.length; i += MESSAGES_AT_ONCE) {
    const messages = missing.slice(i, i + MESSAGES_AT_ONCE).map((span) => ({ body: { ...span, job, manifest, etag } satisfies Part }));
    await PARTS.sendBatch(messages);
  }
  return { job, parts: spans.length, lines, sent: missing.length };
}

/** How far a job is; null if there is none. */
export async function readProgress({ BUCKET }: Env, job: string) {
  const stored = await BUCKET.get(`jobs/${job}.json`);
  if (!stored) return null;
  const { manifest, parts, lines } = JSON.parse(await stored.text()) as Job;
  const done = (await listKeys(BUCKET, `results/${job}/`)).size;
  const failedParts = (await listKeys(BUCKET, `failed/${job}/`)).size;
  return { job, manifest, lines, parts, done, failedParts, complete: done === parts };
}

/** All lines of a job, part after part, as a stream. */
export async function joinLines({ BUCKET }: Env, kind: "results" | "failed", job: string): Promise<ReadableStream<Uint8Array>> {
  const keys = (await listKeys(BUCKET, `${kind}/${job}/`)).values();
  return new ReadableStream({
    async pull(controller) {
      const { value } = keys.next();
      if (value === undefined) return controller.close();
      const object = await BUCKET.get(value);
      controller.enqueue(new Uint8Array((await object?.arrayBuffer()) ?? []));
    },
  });
}

/** Results go first: a part without them is not done, whatever else there is. */
async function forgetFailed(bucket: Bucket, job: string): Promise<void> {
  for (const failed of await listKeys(bucket, `failed/${job}/`)) {
    await bucket.delete([failed.replace("failed/", "results/")]);
    await bucket.delete([failed]);
  }
}

/** In order of the keys, as R2 lists them. */
async function listKeys(bucket: Bucket, prefix: string): Promise<Set<string>> {
  const keys = new Set<string>();
  let cursor: string | undefined;
  do {
    const page = await bucket.list({ prefix, cursor });
    for (const { key } of page.objects) keys.add(key);
    cursor = page.truncated ? page.cursor : undefined;
  } while (cursor !== undefined);
  return keys;
}
