import assert from "node:assert/strict";
import { test } from "node:test";
import { GraphBuilder } from "../../tests/support/random-graph.ts";
import { materialize, readModelBytes } from "./materialize.ts";
import { writeModel } from "./write.ts";

test("constants come out whole from a Buffer that lies anywhere in a pool", () => {
  const scale = Float32Array.of(1, -2, 3);
  const bias = Float32Array.of(0.5, 0.25, -4);
  const builder = new GraphBuilder();
  builder.output(builder.add("affine", { scale, bias }, builder.input("x", [1, 3])));
  const file = writeModel(builder.graph);
  for (const offset of [0, 1, 2, 3, 4, 7]) {
    const pool = Buffer.alloc(offset + file.length + 9, 0xaa);
    pool.set(file, offset);
    const { graph, data } = readModelBytes(pool.subarray(offset, offset + file.length));
    assert.deepEqual(materialize(graph, data).nodes[0]?.attrs, { scale, bias }, `offset ${offset}`);
  }
});
