import assert from "node:assert/strict";
import { test } from "node:test";
import { FloatGraphBuilder, floatConv } from "../../tests/support/graph-builder.ts";
import { Random } from "../../tests/support/random.ts";
import { square } from "../../tests/support/window.ts";
import { writeModel } from "../format/write.ts";
import { LoadError } from "../graph/errors.ts";
import type { Graph, Numbers, Preprocess } from "../graph/graph.ts";
import { preprocess } from "../image/preprocess.ts";
import { loadModel } from "../index.ts";
import { useByteInput } from "./byte-input.ts";
import { hybridize } from "./passes.ts";

const RULE: Preprocess = { width: 9, height: 8, channels: "rgb", mean: [], std: [], invert: false, resize: "stretch" };

function colourNet(rule: Partial<Preprocess> | undefined): Graph<Numbers> {
  const builder = new FloatGraphBuilder();
  const x = builder.add("conv2d", floatConv(3, 6, square(3, 1, 1), new Random(1).floats(6 * 27)), builder.input([1, 3, 8, 9]), "first");
  const graph = builder.finish(builder.add("activation", { kind: "relu", alpha: 0, beta: 0 }, x));
  graph.metadata.preprocess = rule && { ...RULE, ...rule };
  return graph;
}

test("pixels as bytes give what they give as floats", async () => {
  const image = { width: 9, height: 8, data: Uint8Array.from({ length: 216 }, (_, i) => (i * 89) % 256) };
  const rules = [{}, { invert: true }, { mean: [0.2, 0.2, 0.2], std: [0.3, 0.3, 0.3] }, { mean: [1, 1, 1], invert: true }];
  for (const rule of rules) {
    const [floats, bytes] = await Promise.all([false, true].map(async (bytes) => loadModel(writeModel(hybridize(colourNet(rule), { bytes }).graph))));
    const [wanted, found] = [floats, bytes].map(
      (model) => Object.values(model?.run({ [model.inputs[0]?.name ?? ""]: preprocess(image, model) }) ?? {})[0],
    );
    assert.equal(bytes?.inputs[0]?.type, "i8");
    assert.ok(wanted && found && wanted.length === found.length);
    // Real weights are rounded to 2^-13 of the largest of a filter: three more bits than the int8 grid has.
    const most = wanted.reduce((largest, y) => Math.max(largest, Math.abs(y)), 0);
    for (const [i, y] of wanted.entries())
      assert.ok(Math.abs(y - (found[i] as number)) < 2e-3 * most, `${JSON.stringify(rule)} at ${i}: ${found[i]}, not ${y}`);
  }
});

test("what is in the way is named", () => {
  const cases: [Partial<Preprocess> | undefined, RegExp][] = [
    [undefined, /does not say how images become its input/],
    [{ mean: [0.1, 0.2, 0.3] }, /means 0.1, 0.2, 0.3/],
    [{ std: [1, 2, 1] }, /deviations 1, 2, 1/],
    [{ mean: [0.5, 0.5, 0.5] }, /0.5, is pixel 127.5, which must be whole/],
    [{ mean: [2, 2, 2] }, /pixel 510/],
  ];
  for (const [rule, reason] of cases) {
    assert.throws(
      () => useByteInput(colourNet(rule)),
      (error) => error instanceof LoadError && error.code === "unsupported" && reason.test(error.message),
    );
  }
  const builder = new FloatGraphBuilder();
  const pooled = builder.finish(builder.add("maxpool", { window: square(2, 2), ceilMode: false }, builder.input([1, 3, 8, 9]), "pool"));
  pooled.metadata.preprocess = RULE;
  assert.throws(() => useByteInput(pooled), /in node "pool": .*no fast kernel for int8/);
});
