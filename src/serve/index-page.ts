// What GET / says: what is served, and how to ask for it.
import { listTypes } from "./inputs.ts";
import type { Settings } from "./options.ts";
import { type ServedModel, shapeOf } from "./served-model.ts";

export function describeServer(model: ServedModel, settings: Settings) {
  const { name, inputs, outputs, metadata } = model;
  const list = (infos: ServedModel["inputs"]) => infos.map((info) => ({ name: info.name, type: info.type, shape: shapeOf(info) }));
  return {
    server: `hybit ${settings.version}`.trim(),
    model: { name, inputs: list(inputs), outputs: list(outputs), labels: metadata.labels },
    paths: {
      "POST /predict": `one item: ${listTypes(model, settings).join(", ")}; ?top=COUNT, ?outputs=1`,
      "GET /health": "whether predictions are taken",
      "GET /metrics": "counts and times, for Prometheus",
      "GET /openapi.json": "all of this, for programs",
    },
  };
}
