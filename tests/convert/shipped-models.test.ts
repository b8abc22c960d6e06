// The models that ship are what `hybit convert` makes of the nets that training exported.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { convertModel } from "../../src/convert.ts";
import { materialize, readModelBytes } from "../../src/format/materialize.ts";

function readNodes(bytes: Uint8Array) {
  const { graph, data } = readModelBytes(bytes);
  return materialize(graph, data).nodes;
}

const KINDS = {
  wbin: ["FPrec", "WBin", "WBin", "WBin", "WBin", "WBin", "FPrec"],
  fbin: ["FPrec", "FBin", "FBin", "FBin", "FBin", "FBin", "FPrec"],
  hybrid: ["FPrec", "FBin", "FBin", "FBin", "WBin", "WBin", "FPrec"],
};

for (const [variant, kinds] of Object.entries(KINDS)) {
  test(`sketch10-${variant} is what its ONNX file converts to, layer by layer`, () => {
    const { model, report, warnings } = convertModel(gunzipSync(readFileSync(`tests/fixtures/sketch10/${variant}.onnx.gz`)));
    assert.deepEqual(
      report.layers.map(({ kind }) => kind),
      kinds,
    );
    assert.deepEqual(warnings, []);
    assert.deepEqual(readNodes(model), readNodes(readFileSync(`models/sketch10-${variant}.hybit`)));
  });
}

test("the hybrid is small: at most 100 KB of weights, and says where it comes from", () => {
  const bytes = readFileSync("models/sketch10-hybrid.hybit");
  const { graph } = readModelBytes(bytes);
  assert.ok(bytes.length <= 100_000, `${bytes.length} bytes`);
  assert.equal(graph.metadata.labels.length, 10);
  assert.match(graph.metadata.training ?? "", /top-1 9\d\.\d+ %/);
  assert.match(graph.metadata.attribution ?? "", /CC BY 4\.0/);
});
