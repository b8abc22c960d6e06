// Write, read, write again: the same graph and the same bytes.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { materialize, readModelBytes } from "../../src/format/materialize.ts";
import { writeModel } from "../../src/format/write.ts";
import type { Graph, Numbers } from "../../src/graph/graph.ts";
import { OPS } from "../../src/ops/table.ts";
import { everyOpGraph } from "../support/every-op.ts";
import { Random } from "../support/random.ts";
import { randomGraph } from "../support/random-graph.ts";

/** Absent and undefined fields mean the same. */
function plain(graph: Graph<Numbers>): unknown {
  return JSON.parse(JSON.stringify(graph, (_, value) => (ArrayBuffer.isView(value) ? { [value.constructor.name]: [...(value as Numbers)] } : value)));
}

function reread(bytes: Uint8Array): Graph<Numbers> {
  const { graph, data } = readModelBytes(bytes);
  return materialize(graph, data);
}

/** What f32 fields make of the numbers; run once before comparing. */
function rounded(graph: Graph<Numbers>): Graph<Numbers> {
  return reread(writeModel(graph));
}

test("the network of every op uses every op", () => {
  assert.deepEqual([...new Set(everyOpGraph().nodes.map((node) => node.op))].sort(), Object.keys(OPS).sort());
});

test("a network of every op comes back whole, from aligned and unaligned bytes", () => {
  const graph = everyOpGraph();
  const bytes = writeModel(graph);
  assert.deepEqual(plain(reread(bytes)), plain(graph));
  const shifted = new Uint8Array(bytes.length + 1);
  shifted.set(bytes, 1);
  assert.deepEqual(plain(reread(shifted.subarray(1))), plain(graph));
  assert.deepEqual(writeModel(reread(bytes)), bytes);
});

test("random networks come back whole and write the same bytes again", () => {
  fc.assert(
    fc.property(fc.nat(1e6), (seed) => {
      const random = new Random(seed);
      const graph = randomGraph(random, random.int(1, 8));
      assert.deepEqual(plain(rounded(rounded(graph))), plain(rounded(graph)));
      assert.deepEqual(writeModel(reread(writeModel(graph))), writeModel(graph));
    }),
    { seed: 1, numRuns: 100 },
  );
});
