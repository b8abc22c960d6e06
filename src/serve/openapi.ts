// The server described in OpenAPI 3.1.
import type { TensorInfo } from "../engine/model.ts";
import type { Runner } from "./batcher.ts";

const FAILURE = { type: "object", properties: { error: { type: "object", properties: { code: { type: "string" }, message: { type: "string" } } } } };
const STATUSES = {
  400: "not JSON, or empty",
  413: "too large",
  415: "a content type that is not read",
  422: "not what the model takes",
  503: "too many requests at once",
};

/** Describe the paths for one model. */
export function describeApi(model: Runner, takesPictures: boolean, version: string): object {
  const numbers = ({ shape }: TensorInfo) => ({
    type: "array",
    description: `row-major, shape [${shape.slice(1).join(", ")}]`,
    items: { type: "number" },
  });
  const inputs = { type: "object", properties: Object.fromEntries(model.inputs.map((info) => [info.name, numbers(info)])) };
  const binary = { schema: { type: "string", format: "binary" } };
  const content = {
    "application/json": {
      schema: {
        type: "object",
        properties: { inputs, ...(takesPictures && { drawing: { type: "array", description: "strokes, each [x[], y[]]" } }) },
      },
    },
    ...(model.inputs.length === 1 && { "application/octet-stream": binary }),
    ...(takesPictures && { "image/png": binary, "image/jpeg": binary }),
  };
  const outputs = { type: "object", properties: Object.fromEntries(model.outputs.map((info) => [info.name, numbers(info)])) };
  const ranked = { type: "object", properties: { index: { type: "integer" }, label: { type: "string" }, score: { type: "number" } } };
  const answer = { type: "object", properties: { top: { type: "array", items: ranked }, outputs } };
  const json = (schema: object) => ({ "application/json": { schema } });
  const failures = Object.entries(STATUSES).map(([status, description]) => [status, { description, content: json(FAILURE) }]);
  const parameters = [
    { name: "top", in: "query", schema: { type: "integer", minimum: 1, default: 5 } },
    { name: "outputs", in: "query", description: "1: with every output's numbers", schema: { type: "string" } },
  ];
  return {
    openapi: "3.1.0",
    info: { title: `hybit serve: ${model.name}`, version },
    paths: {
      "/predict": {
        post: {
          parameters,
          requestBody: { required: true, content },
          responses: { 200: { description: "the best classes", content: json(answer) }, ...Object.fromEntries(failures) },
        },
      },
      "/health": { get: { responses: { 200: { description: "the model is loaded" } } } },
      "/metrics": { get: { responses: { 200: { description: "Prometheus text" } } } },
    },
  };
}
