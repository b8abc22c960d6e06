import assert from "node:assert/strict";
import { test } from "node:test";
import type { Graph, Numbers } from "../graph/graph.ts";
import { materialize, readModelBytes } from "./materialize.ts";
import { writeModel } from "./write.ts";

const relu: Graph<Numbers> = {
  name: "relu",
  values: [
    { name: "x", type: "f32", shape: [-1, 3] },
    { name: "y", type: "f32", shape: [-1, 3] },
  ],
  nodes: [{ name: "act", op: "activation", attrs: { kind: "relu", alpha: 0, beta: 0 }, inputs: [0], outputs: [1] }],
  inputs: [0],
  outputs: [1],
  metadata: { labels: ["a", "b"], entries: { k: "v" } },
};

test("a written model reads back as it was, and writes the same bytes again", () => {
  const bytes = writeModel(relu);
  const { graph, data } = readModelBytes(bytes);
  assert.deepEqual(graph, relu);
  assert.deepEqual(writeModel(materialize(graph, data)), bytes);
});
