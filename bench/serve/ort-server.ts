// The server that users of onnxruntime-node would write: the same router, the same raw floats in, the same JSON out. Prints its address.

import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { Hono } from "hono";
import { topK } from "../../src/engine/top-k.ts";
import { readModelBytes } from "../../src/format/materialize.ts";
import { importPeer } from "../peers/peer.ts";

interface OnnxRuntime {
  InferenceSession: { create(model: Uint8Array, options: object): Promise<Session> };
  Tensor: new (type: "float32", data: Float32Array, dims: readonly number[]) => object;
}

interface Session {
  inputNames: string[];
  outputNames: string[];
  run(inputs: Record<string, object>): Promise<Record<string, { data: Float32Array }>>;
}

const [, , onnx = "", hybit = ""] = process.argv;
const { InferenceSession, Tensor } = (await importPeer("onnxruntime-node")) as unknown as OnnxRuntime;
const { graph } = readModelBytes(readFileSync(hybit));
// More threads made it slower: the net is small, and the other core makes the load.
const session = await InferenceSession.create(readFileSync(onnx), { intraOpNumThreads: 1 });
const [[inputName = ""], [outputName = ""]] = [session.inputNames, session.outputNames];
const shape = (graph.values[graph.inputs[0] as number]?.shape ?? []).map((dim) => Math.abs(dim));

const app = new Hono();
app.post("/predict", async (context) => {
  const input = new Float32Array(await context.req.arrayBuffer());
  const outputs = await session.run({ [inputName]: new Tensor("float32", input, shape) });
  return context.json({ top: topK(outputs[outputName]?.data ?? [], 5, graph.metadata.labels) });
});
const server = createAdaptorServer({ fetch: app.fetch });
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}/predict`));
