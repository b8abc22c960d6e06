// The vectors of one file in Cloudflare's workerd: POST its bytes to /<build>/<name>. The scalar build comes as a user would bring it.
import { loadModel } from "hybit";
import { loadModel as loadInto } from "hybit/core";
import scalar from "hybit/wasm/scalar.wasm";
import { computeFailure, computeVectors } from "./vectors.ts";

export default {
  async fetch(request: Request): Promise<Response> {
    const [, build, file = ""] = new URL(request.url).pathname.split("/");
    if (request.method !== "POST") return new Response("POST a model", { status: 405 });
    const bytes = new Uint8Array(await request.arrayBuffer());
    const read = async () => bytes;
    if (build === "half") return new Response(await computeFailure(file, { read, loadModel }));
    const loader = build === "simd" ? loadModel : (source: Uint8Array) => loadInto(source, { module: scalar });
    return new Response((await computeVectors([file], { read, loadModel: loader })).join("\n"));
  },
};
