// Classifies many drawings: POST /jobs puts the parts of a manifest on a queue, consumers write results to R2.
//
//   POST /jobs              {"manifest": "name in the bucket"}; {"items": [...]} stores a small manifest first
//   GET  /jobs/ID           how far it is
//   GET  /jobs/ID/results   all results, one JSON object a line; /failed what could not be classified, and why
import { readBody } from "../../worker/src/body.ts";
import { Refusal } from "../../worker/src/refusal.ts";
import type { Env, MessageBatch } from "./cloudflare.ts";
import { classifyPart } from "./consume.ts";
import { hash } from "./hash.ts";
import { joinLines, readProgress, startJob } from "./jobs.ts";

/** Of a job's request; longer manifests are put into the bucket. */
const MAX_BYTES = 2 ** 20;

async function answer(request: Request, env: Env): Promise<Response> {
  const [, root, job, kind, ...rest] = new URL(request.url).pathname.split("/");
  const isKnown = root === "jobs" && rest.length === 0 && [undefined, "results", "failed"].includes(kind);
  if (!isKnown) throw new Refusal(404, "not-found", "There are /jobs, /jobs/ID, /jobs/ID/results and /jobs/ID/failed.");
  const method = job === undefined ? "POST" : "GET";
  if (request.method !== method) throw new Refusal(405, "method", `Use ${method} here.`, { Allow: method });
  if (job === undefined) return Response.json(await post(request, env), { status: 202 });
  const progress = await readProgress(env, job);
  if (progress === null) throw new Refusal(404, "no-job", `There is no job "${job}".`);
  if (kind === undefined) return Response.json(progress);
  if (!progress.complete) throw new Refusal(409, "not-complete", `${progress.done} of ${progress.parts} parts are done; come back later.`);
  return new Response(await joinLines(env, kind as "results" | "failed", job), { headers: { "content-type": "application/x-ndjson" } });
}

async function post(request: Request, env: Env) {
  const wish = parse(new TextDecoder().decode(await readBody(request, MAX_BYTES)));
  const manifest = Array.isArray(wish.items) ? await store(env, wish.items) : wish.manifest;
  if (typeof manifest !== "string") throw new Refusal(422, "no-manifest", 'Send {"manifest": "name in the bucket"} or {"items": [...]}.');
  const started = await startJob(env, manifest, wish.retryFailed === true);
  if (started === null) throw new Refusal(404, "no-manifest", `There is no "${manifest}" in the bucket.`);
  return started;
}

function parse(text: string): { manifest?: unknown; items?: unknown; retryFailed?: unknown } {
  try {
    return Object(JSON.parse(text));
  } catch {
    throw new Refusal(400, "json-broken", "The body is not JSON.");
  }
}

/** The same items get the same name, so that they are the same job. */
async function store({ BUCKET }: Env, items: unknown[]): Promise<string> {
  const text = items.map((item) => `${JSON.stringify(item)}\n`).join("");
  const key = `manifests/${await hash(text)}.ndjson`;
  await BUCKET.put(key, text);
  return key;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    try {
      return await answer(request, env);
    } catch (error) {
      if (error instanceof Refusal) return error.toResponse();
      console.error(error);
      return Response.json({ error: "Something went wrong here, not with your request.", code: "internal" }, { status: 500 });
    }
  },

  /** Of both queues: a part that failed too often comes from the one of dead letters, for the last time. */
  async queue(batch: MessageBatch, env: Env): Promise<void> {
    for (const message of batch.messages) {
      try {
        await classifyPart(env.BUCKET, message.body, batch.queue === env.DEAD_LETTERS);
        message.ack();
      } catch (error) {
        console.warn(`part ${message.body.part} of ${message.body.job}, attempt ${message.attempts}: ${error}`);
        message.retry({ delaySeconds: Number(env.RETRY_SECONDS) * 2 ** Math.min(message.attempts - 1, 6) });
      }
    }
  },
};
