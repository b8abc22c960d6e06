// The HTTP side of a model, for whatever calls fetch(Request).
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { topK } from "../engine/top-k.ts";
import { RunError } from "../graph/errors.ts";
import type { Metadata } from "../graph/graph.ts";
import { Batcher, type Runner } from "./batcher.ts";
import { type ReadPicture, readBody } from "./body.ts";
import { Metrics } from "./metrics.ts";
import { describeApi } from "./openapi.ts";
import { Refusal } from "./refusal.ts";

export interface ServeOptions {
  /** Bytes of a body. */
  maxBody: number;
  /** Requests without an answer; more are refused. */
  maxConcurrent: number;
  windowMs: number;
  maxBatch: number;
  /** How pictures become input; absent if the model takes none. */
  readPicture?: ReadPicture;
  version: string;
}

const PATHS: Record<string, string> = { "/predict": "POST", "/health": "GET", "/metrics": "GET", "/openapi.json": "GET" };
const DEFAULT_TOP = 5;

/** Serve a model: POST /predict, GET /health, /metrics, /openapi.json. */
export function createApp(model: Runner & { metadata: Metadata }, options: ServeOptions): Hono {
  const { maxBody, maxConcurrent, windowMs, maxBatch, readPicture, version } = options;
  const metrics = new Metrics();
  const batcher = new Batcher(model, { windowMs, maxBatch, onBatch: (items) => metrics.countBatch(items) });
  let inFlight = 0;
  const app = new Hono();

  app.use("/predict", async (context, next) => {
    const before = performance.now();
    metrics.setInFlight(++inFlight);
    try {
      await next();
    } finally {
      metrics.setInFlight(--inFlight);
      metrics.countAnswer(context.res.status, (performance.now() - before) / 1000);
    }
  });
  app.use("/predict", async (_, next) => {
    if (inFlight > maxConcurrent) throw new Refusal(503, "busy", `${maxConcurrent} requests are being answered; try again in a second`);
    await next();
  });
  const tooLarge = () => {
    throw new Refusal(413, "too-large", `the body is larger than ${maxBody} bytes`);
  };
  app.post("/predict", bodyLimit({ maxSize: maxBody, onError: tooLarge }), async (context) => {
    const count = Number(context.req.query("top") ?? DEFAULT_TOP);
    if (!Number.isInteger(count) || count < 1) throw new Refusal(400, "query", "top is how many classes to give, from 1");
    const bytes = new Uint8Array(await context.req.arrayBuffer());
    const outputs = await batcher.submit(readBody(context.req.header("content-type"), bytes, model.inputs, readPicture));
    const [first] = model.outputs;
    const isRanking = first?.shape.length === 2;
    const wantsAll = !isRanking || context.req.query("outputs") === "1";
    return context.json({
      ...(isRanking && { top: topK(outputs[first.name] as Float32Array, count, model.metadata.labels) }),
      ...(wantsAll && { outputs: Object.fromEntries(Object.entries(outputs).map(([name, numbers]) => [name, Array.from(numbers)])) }),
    });
  });
  app.get("/health", (context) => context.json({ status: "ok", model: model.name, inputs: model.inputs, outputs: model.outputs }));
  app.get("/metrics", async (context) => {
    const { text, type } = await metrics.print();
    return context.body(text, 200, { "Content-Type": type });
  });
  app.get("/openapi.json", (context) => context.json(describeApi(model, readPicture !== undefined, version)));

  app.notFound((context) => {
    const allowed = PATHS[context.req.path];
    const error = allowed
      ? { code: "method", message: `${context.req.path} takes ${allowed}, not ${context.req.method}` }
      : { code: "path", message: `there is nothing at ${context.req.path}; try ${Object.keys(PATHS).join(", ")}` };
    return context.json({ error }, allowed ? 405 : 404, allowed ? { Allow: allowed } : {});
  });
  app.onError((error, context) => {
    const refusal = error instanceof RunError ? new Refusal(422, error.code, error.message) : error;
    if (!(refusal instanceof Refusal))
      return context.json({ error: { code: "internal", message: "the server made a mistake; its log says more" } }, 500);
    const { status, code, message } = refusal;
    return context.json({ error: { code, message } }, status, status === 503 ? { "Retry-After": "1" } : {});
  });
  return app;
}
