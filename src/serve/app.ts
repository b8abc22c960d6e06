// The server of one model as a function from Request to Response, on hono: for Node, Deno, Bun, Workers. What listens, and
// what a port is, it does not know: src/cli/commands/serve.ts does.
import { type Context, Hono } from "hono";
import { Batcher } from "./batcher.ts";
import { describeServer } from "./index-page.ts";
import { Metrics } from "./metrics.ts";
import { describeApi } from "./openapi.ts";
import { type ServeOptions, settle } from "./options.ts";
import { Predictor } from "./predict.ts";
import { CONTENT_TYPE } from "./prometheus.ts";
import { Refusal } from "./refusal.ts";
import type { ServedModel } from "./served-model.ts";

export type { DecodePicture, ServeOptions } from "./options.ts";
export type { ServedModel } from "./served-model.ts";

export interface App {
  fetch(request: Request): Response | Promise<Response>;
  /** Run the model a few times, so that the first request finds it compiled. */
  warmUp(): Promise<void>;
  /** Answer nothing new; what is at work is finished, and then the promise is kept. */
  stop(): Promise<void>;
}

type Handler = (context: Context) => Response | Promise<Response>;

export function createApp(model: ServedModel, options: ServeOptions = {}): App {
  const settings = settle(options);
  const state = { inFlight: () => predictor.inFlight, waiting: () => batcher.waiting };
  const metrics = new Metrics(model, settings.version, state);
  const batcher = new Batcher(model, settings, metrics);
  const predictor = new Predictor(model, settings, batcher);
  let isStopping = false;
  let open = 0;
  const idle: (() => void)[] = [];

  const routes: Record<string, { method: "GET" | "POST"; handle: Handler }> = {
    "/": { method: "GET", handle: (context) => context.json(describeServer(model, settings)) },
    "/predict": {
      method: "POST",
      async handle(context) {
        if (isStopping) throw new Refusal(503, "stopping", "the server is stopping; ask another one", { "retry-after": "1" });
        const before = performance.now();
        const found = await predictor.predict(context.req.raw, new URL(context.req.url).searchParams);
        metrics.predicted((performance.now() - before) / 1000);
        return context.json(found);
      },
    },
    "/health": {
      method: "GET",
      handle(context) {
        const { name, build } = model;
        const health = { model: name, build, version: settings.version, inFlight: predictor.inFlight, waiting: batcher.waiting };
        return context.json({ status: isStopping ? "stopping" : "ok", ...health }, isStopping ? 503 : 200);
      },
    },
    "/metrics": { method: "GET", handle: (context) => context.body(metrics.toText(), 200, { "content-type": CONTENT_TYPE }) },
    "/openapi.json": { method: "GET", handle: (context) => context.json(describeApi(model, settings)) },
  };

  const app = new Hono();
  app.use(async (context, next) => {
    open++;
    try {
      await next();
    } finally {
      const { path } = context.req;
      metrics.answered(path in routes ? path : "other", context.res.status);
      if (isStopping) context.header("connection", "close");
      if (--open === 0) for (const resolve of idle.splice(0)) resolve();
    }
  });
  for (const [path, { method, handle }] of Object.entries(routes)) {
    const allowed = method === "GET" ? "GET, HEAD" : method;
    app.on(method, path, handle);
    app.all(path, ({ req }) => {
      throw new Refusal(405, "method", `${path} takes ${method}, not ${req.method.slice(0, 20)}`, { allow: allowed });
    });
  }
  app.notFound(() => new Refusal(404, "not-found", `there is no such path; there are ${Object.keys(routes).join(", ")}`).toResponse());
  app.onError((error) => {
    if (error instanceof Refusal) return error.toResponse();
    return new Refusal(500, "internal", "this is a mistake in hybit, please report it, with what was sent").toResponse();
  });

  return {
    fetch: (request) => app.fetch(request),
    warmUp: () => batcher.warmUp(),
    stop() {
      isStopping = true;
      return new Promise((resolve) => {
        if (open === 0) resolve();
        else idle.push(resolve);
      });
    },
  };
}
