// Where the model comes from: the bundle, an R2 bucket, or static assets. A bundled model is ready before the first request;
// the others are loaded by the first request of an isolate, as Workers may not read anything before it.
import { env } from "cloudflare:workers";
import { loadModel, type Model, type Source } from "hybit";
import bundled from "hybit/models/sketch10-hybrid.hybit";
import type { Context, Env } from "./cloudflare.ts";
import { Refusal } from "./refusal.ts";

const { MODEL_SOURCE = "bundle", MODEL_KEY = "sketch10-hybrid.hybit" } = env as Env;
const ready: Model | undefined = MODEL_SOURCE === "bundle" ? await loadModel(bundled) : undefined;
let loading: Promise<Model> | undefined;

/** Find this isolate's model; a failure is forgotten, so that the next request tries again. */
export async function findModel(env: Env, context: Context): Promise<Model> {
  if (ready !== undefined) return ready;
  loading ??= openSource(env).then((source) => loadModel(source));
  const current = loading;
  try {
    // Others wait for this promise too: it must outlive a client that hangs up.
    context.waitUntil(current.catch(() => {}));
    return await current;
  } catch (error) {
    if (loading === current) loading = undefined;
    console.error(error);
    throw new Refusal(503, "model-unavailable", "The model could not be loaded; try again in a moment.", { "Retry-After": "5" });
  }
}

async function openSource({ MODELS, ASSETS }: Env): Promise<Source> {
  if (MODEL_SOURCE === "r2") {
    const object = await MODELS?.get(MODEL_KEY);
    if (!object) throw new Error(`R2 has no "${MODEL_KEY}", or the binding MODELS is missing`);
    return object.body;
  }
  if (MODEL_SOURCE === "assets") {
    if (!ASSETS) throw new Error("the binding ASSETS is missing");
    return ASSETS.fetch(`https://assets.local/${MODEL_KEY}`); // the host is never looked up; loadModel looks at the status
  }
  throw new Error(`MODEL_SOURCE is "${MODEL_SOURCE}"; it must be bundle, r2 or assets`);
}
