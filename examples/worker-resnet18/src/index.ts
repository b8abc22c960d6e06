// ResNet-18 with one-bit weights and inputs: POST 224 x 224 RGB pixels, a byte each, row by row; get the five best of 1,000 classes.
// `npm run model` makes the file, with random weights: put one that you trained in its place.
import { loadModel, topK } from "hybit";
import { preprocess } from "hybit/image";
import { readBody } from "../../worker/src/body.ts";
import { Refusal } from "../../worker/src/refusal.ts";
import bundled from "../resnet18.hybit";

const model = await loadModel(bundled);
const { width = 224, height = 224 } = model.metadata.preprocess ?? {};
const [{ name: INPUT = "" } = {}] = model.inputs;
const BYTES = width * height * 3;

async function classify(request: Request): Promise<Response> {
  if (request.method !== "POST") throw new Refusal(405, "method", "Send the pixels with POST.", { Allow: "POST" });
  const data = await readBody(request, BYTES);
  if (data.length !== BYTES)
    throw new Refusal(400, "not-the-pixels", `The body has ${data.length} bytes; ${width} x ${height} RGB pixels are ${BYTES}.`);
  const [scores = new Float32Array()] = Object.values(model.run({ [INPUT]: preprocess({ width, height, data }, model) }));
  return Response.json({ model: model.name, memoryBytes: model.memoryBytes, top: topK(scores, 5, model.metadata.labels) });
}

export default {
  async fetch(request: Request): Promise<Response> {
    try {
      return await classify(request);
    } catch (error) {
      if (error instanceof Refusal) return error.toResponse();
      console.error(error);
      return Response.json({ error: "Something went wrong here, not with your request.", code: "internal" }, { status: 500 });
    }
  },
};
