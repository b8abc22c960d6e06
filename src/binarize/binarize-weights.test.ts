import assert from "node:assert/strict";
import { test } from "node:test";
import { FloatGraphBuilder, floatConv, randomNumbers } from "../../tests/support/graph-builder.ts";
import { interpret } from "../../tests/support/interpret.ts";
import { square } from "../../tests/support/window.ts";
import type { Graph, Numbers } from "../graph/graph.ts";
import { type HybridizeOptions, hybridize } from "./passes.ts";

/** Three 3x3 convolutions of random weights. */
function convert(options: HybridizeOptions, spoil = 0) {
  return hybridize(build(spoil), options).report.layers;
}

function build(spoil = 0) {
  const builder = new FloatGraphBuilder();
  let value = builder.input([1, 4, 9, 9]);
  for (const name of ["first", "middle", "last"]) {
    const weights = Float32Array.from({ length: 4 * 4 * 9 }, randomNumbers(3));
    if (name === "middle") weights[5] = (weights[5] ?? 0) + spoil;
    value = builder.add("conv2d", floatConv(4, 4, square(3), weights), value, name);
  }
  return builder.finish(value);
}

test("all layers but the first and the last are binarized, and the report says what it cost", () => {
  for (const [binarize, kind] of [
    ["sign", "sign"],
    ["two-level", "two-level"],
    ["two-level-released", "two-level"],
  ] as const) {
    const layers = convert({ binarize });
    assert.deepEqual(
      layers.map(({ weights }) => weights),
      ["float", kind, "float"],
    );
    assert.match(layers[1]?.reason ?? "", /^weights binarized by convert: \d+\.\d % of their square lost; /);
  }
});

test("named layers are binarized, and no others", () => {
  const layers = convert({ binarize: "sign", layers: ["last"] });
  assert.deepEqual(
    layers.map(({ weights }) => weights),
    ["float", "float", "sign"],
  );
});

test("unknown layers and weights that are not finite are refused", () => {
  assert.throws(() => convert({ binarize: "sign", layers: ["missing"] }), /no layer "missing" to binarize; the layers are first, middle, last/);
  assert.throws(() => convert({ layers: ["first"] }), /binarize does not say how/);
  assert.throws(() => convert({ binarize: "sign" }, Number.NaN), /in node "middle": its weights are not all finite/);
});

test("planes are layers whose outputs are added, and more of them come nearer to the real weights", () => {
  const x = Float64Array.from({ length: 4 * 9 * 9 }, randomNumbers(4));
  const run = (graph: Graph<Numbers>) => {
    const results = interpret(graph, { x: { shape: [1, 4, 9, 9], data: x } });
    return results.get(graph.values[graph.outputs[0] ?? -1]?.name ?? "")?.data as Float64Array;
  };
  const wanted = run(build());
  const errors = (["sign", "2-planes", "3-planes"] as const).map((binarize, more) => {
    const { graph, report } = hybridize(build(), { binarize });
    assert.equal(report.layers.filter(({ weights }) => weights === "sign").length, more + 1, binarize);
    assert.equal(report.layers.find(({ name }) => name === "middle")?.weights, "sign", "the first plane has the layer's name");
    assert.equal(report.layers.filter(({ floatBytes }) => floatBytes > 0).length, 3, "a split layer counts once in floats");
    if (more > 0) assert.match(report.layers.find(({ name }) => name === "middle")?.reason ?? "", /^a sum of \d binary layers by convert/);
    return Math.hypot(...run(graph).map((y, i) => y - (wanted[i] as number)));
  });
  assert.ok((errors[1] as number) < 0.7 * (errors[0] as number) && (errors[2] as number) < 0.7 * (errors[1] as number), errors.join());
});
