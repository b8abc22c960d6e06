// The OpenAPI 3.1 document of a server, made from its model's inputs and outputs.
import { listTypes } from "./inputs.ts";
import type { Settings } from "./options.ts";
import { arrayOf, countClasses, countNumbers, type ServedModel, shapeOf, takesPictures } from "./served-model.ts";

type Schema = Record<string, unknown>;

const NUMBER: Schema = { type: "number" };
const STRING: Schema = { type: "string" };
const COUNT: Schema = { type: "integer", minimum: 0 };

export function describeApi(model: ServedModel, settings: Settings): Schema {
  return {
    openapi: "3.1.0",
    info: { title: `hybit: ${model.name}`, version: settings.version || "0", description: model.metadata.attribution || "A model served by hybit." },
    paths: {
      "/": { get: { operationId: "describe", summary: "What is served", responses: { 200: json("The model and the paths", { type: "object" }) } } },
      "/predict": { post: describePredict(model, settings) },
      "/health": { get: describeHealth() },
      "/metrics": {
        get: {
          operationId: "metrics",
          summary: "Counts and times, for Prometheus",
          responses: { 200: { description: "Prometheus' text form", content: { "text/plain": { schema: STRING } } } },
        },
      },
      "/openapi.json": {
        get: { operationId: "openapi", summary: "This document", responses: { 200: json("OpenAPI 3.1", { type: "object" }) } },
      },
    },
    components: { schemas: { Error: describeError(), Prediction: describePrediction(model) } },
  };
}

function describePredict(model: ServedModel, settings: Settings): Schema {
  const { maxBody, maxConcurrent, timeout } = settings;
  const refusals: Record<number, string> = {
    400: "The body is no JSON, or ended early; or the query is not understood",
    408: `The body did not arrive within ${timeout} ms`,
    413: `The body is longer than ${maxBody} bytes`,
    415: "This model does not read this type",
    422: "The body is no input of this model, or its output for it is not finite",
    503: `${maxConcurrent} predictions are at work already, or the server is stopping; Retry-After says when to try again`,
  };
  return {
    operationId: "predict",
    summary: "Run the model on one item",
    parameters: [
      { name: "top", in: "query", description: "How many classes to list", schema: { type: "integer", minimum: 1, default: 5 } },
      { name: "outputs", in: "query", description: "1: answer with the model's outputs, too", schema: { type: "integer", enum: [0, 1], default: 0 } },
    ],
    requestBody: { required: true, content: Object.fromEntries(listTypes(model, settings).map((type) => [type, describeBody(type, model)])) },
    responses: {
      200: json("What the model found", reference("Prediction")),
      ...Object.fromEntries(Object.entries(refusals).map(([status, text]) => [status, json(text, reference("Error"))])),
    },
  };
}

function describeBody(type: string, model: ServedModel): Schema {
  const [first] = model.inputs;
  if (type === "application/octet-stream" && first !== undefined) {
    const bytes = countNumbers(first) * arrayOf(first).BYTES_PER_ELEMENT;
    const form = first.type === "i8" ? "int8" : "little-endian float32";
    return { schema: { description: `${bytes} bytes: ${form} [${shapeOf(first).join(", ")}], row-major` } };
  }
  // In OpenAPI 3.1 a body of raw bytes has no schema.
  if (type !== "application/json") return {};
  const inputs = { type: "object", required: ["inputs"], properties: { inputs: describeInputs(model) } };
  return { schema: takesPictures(model) ? { oneOf: [inputs, describeDrawing()] } : inputs };
}

function describeInputs({ inputs }: ServedModel): Schema {
  return {
    type: "object",
    additionalProperties: false,
    required: inputs.map(({ name }) => name),
    properties: Object.fromEntries(
      inputs.map((info) => {
        const element: Schema = info.type === "i8" ? { type: "integer", minimum: -128, maximum: 127 } : NUMBER;
        const count = countNumbers(info);
        const flat = { type: "array", items: element, minItems: count, maxItems: count, description: "all numbers, row-major" };
        const shape = shapeOf(info);
        const nested = shape.reduceRight<Schema>((items, length) => ({ type: "array", items, minItems: length, maxItems: length }), element);
        return [info.name, shape.length > 1 ? { anyOf: [flat, { ...nested, description: `nested: [${shape.join(", ")}]` }] } : flat];
      }),
    ),
  };
}

function describeDrawing(): Schema {
  const numbers = { type: "array", items: NUMBER };
  const stroke = { type: "array", minItems: 2, prefixItems: [numbers, numbers], description: "[[x0, x1, ...], [y0, y1, ...]], y downwards" };
  return { type: "object", required: ["drawing"], properties: { drawing: { type: "array", minItems: 1, items: stroke } } };
}

function describePrediction(model: ServedModel): Schema {
  const ranked = {
    type: "object",
    required: ["index", "label", "score", "probability"],
    properties: { index: COUNT, label: STRING, score: NUMBER, probability: { type: "number", minimum: 0, maximum: 1 } },
  };
  const output = {
    type: "object",
    required: ["shape", "data"],
    properties: { shape: { type: "array", items: COUNT }, data: { type: "array", items: NUMBER } },
  };
  const isClassifier = countClasses(model) !== undefined;
  const outputs = { type: "object", properties: Object.fromEntries(model.outputs.map(({ name }) => [name, output])) };
  return {
    type: "object",
    required: [isClassifier ? "top" : "outputs"],
    properties: { ...(isClassifier && { top: { type: "array", items: ranked, description: "best first" } }), outputs },
  };
}

function describeHealth(): Schema {
  const health = {
    type: "object",
    required: ["status", "model"],
    properties: {
      status: { type: "string", enum: ["ok", "stopping"] },
      model: STRING,
      build: STRING,
      version: STRING,
      inFlight: COUNT,
      waiting: COUNT,
    },
  };
  return {
    operationId: "health",
    summary: "Whether predictions are taken",
    responses: { 200: json("They are", health), 503: json("The server is stopping", health) },
  };
}

function describeError(): Schema {
  const error = { type: "object", required: ["code", "message"], properties: { code: STRING, message: STRING } };
  return { type: "object", required: ["error"], properties: { error } };
}

function json(description: string, schema: Schema): Schema {
  return { description, content: { "application/json": { schema } } };
}

function reference(name: string): Schema {
  return { $ref: `#/components/schemas/${name}` };
}
