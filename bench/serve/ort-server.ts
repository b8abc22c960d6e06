// The server that users of onnxruntime-node would write: the same router, the same raw floats in, the same JSON out. Prints its address.

import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { Hono } from "hono";
import { topK } from "../../src/engine/top-k.ts";
import { readModelBytes } from "../../src/format/materialize.ts";

const [, , onnx = "", hybit = ""] = process.argv;
const name: string = "onnxruntime-node";
const { InferenceSession, Tensor } = await import(name);
const { graph } = readModelBytes(readFileSync(hybit));
// More threads made it slower: the net is small, and the other core makes the load.
const session = await InferenceSession.create(readFileSync(onnx), { intraOpNumThreads: 1 });
const [inputName] = session.inputNames;
const [outputName] = session.outputNames;
const shape = (graph.values[graph.inputs[0] as number]?.shape ?? []).map((dim) => Math.abs(dim));

const app = new Hono();
app.post("/predict", async (context) => {
  const input = new Float32Array(await context.req.arrayBuffer());
  const outputs = await session.run({ [inputName]: new Tensor("float32", input, shape) });
  return context.json({ top: topK(outputs[outputName].data, 5, graph.metadata.labels) });
});
const server = createAdaptorServer({ fetch: app.fetch });
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}/predict`));
