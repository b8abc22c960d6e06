import assert from "node:assert/strict";
import { test } from "node:test";
import { FloatGraphBuilder, floatConv, randomNumbers } from "../../tests/support/graph-builder.ts";
import { square } from "../../tests/support/window.ts";
import { type HybridizeOptions, hybridize } from "./passes.ts";

/** Three 3x3 convolutions of random weights. */
function convert(options: HybridizeOptions, spoil = 0) {
  const builder = new FloatGraphBuilder();
  let value = builder.input([1, 4, 9, 9]);
  for (const name of ["first", "middle", "last"]) {
    const weights = Float32Array.from({ length: 4 * 4 * 9 }, randomNumbers(3));
    if (name === "middle") weights[5] = (weights[5] ?? 0) + spoil;
    value = builder.add("conv2d", floatConv(4, 4, square(3), weights), value, name);
  }
  return hybridize(builder.finish(value), options).report.layers;
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
