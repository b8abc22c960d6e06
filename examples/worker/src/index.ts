// POST a PNG or strokes, get the five best classes. Errors are JSON, too: { error: a sentence, code }.
import { topK } from "hybit";
import { preprocess } from "hybit/image";
import { readBody } from "./body.ts";
import type { Context, Env } from "./cloudflare.ts";
import { findModel } from "./model.ts";
import { readPicture } from "./picture.ts";
import { Refusal } from "./refusal.ts";

const MAX_BYTES = 256 * 1024;

async function classify(request: Request, env: Env, context: Context): Promise<Response> {
  if (request.method !== "POST") throw new Refusal(405, "method", "Send the picture with POST.", { Allow: "POST" });
  const body = await readBody(request, MAX_BYTES);
  const model = await findModel(env, context);
  const picture = await readPicture(body, model.metadata.preprocess?.width ?? 28);
  const [{ name = "" } = {}] = model.inputs;
  const [scores = new Float32Array()] = Object.values(model.run({ [name]: preprocess(picture, model) }));
  return Response.json({ model: model.name, top: rank(scores, model.metadata.labels) });
}

/** The five best, and how sure the model says it is: softmax of all scores. */
function rank(scores: Float32Array, labels?: readonly string[]) {
  const best = topK(scores, 5, labels);
  const most = best[0]?.score ?? 0;
  const sum = scores.reduce((total, score) => total + Math.exp(score - most), 0);
  return best.map(({ label, score }) => ({ label, score, probability: Math.exp(score - most) / sum }));
}

export default {
  async fetch(request: Request, env: Env, context: Context): Promise<Response> {
    try {
      return await classify(request, env, context);
    } catch (error) {
      if (error instanceof Refusal) return error.toResponse();
      console.error(error);
      return Response.json({ error: "Something went wrong here, not with your request.", code: "internal" }, { status: 500 });
    }
  },
};
