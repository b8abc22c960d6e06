import assert from "node:assert/strict";
import { test } from "node:test";
import { FloatGraphBuilder, floatConv, floatDense } from "../../tests/support/graph-builder.ts";
import { interpret } from "../../tests/support/interpret.ts";
import { square } from "../../tests/support/window.ts";
import { readModelBytes } from "../format/materialize.ts";
import { writeModel } from "../format/write.ts";
import { loadModel } from "../index.ts";
import { INT8_LAYERS, type Int8Layers, useInt8Inputs } from "./int8-inputs.ts";
import { hybridize } from "./passes.ts";

const binary = (length: number) => Float32Array.from({ length }, (_, i) => ((i * i + (i >> 2)) % 3 === 0 ? 0.5 : -0.5));
const real = (length: number) => Float32Array.from({ length }, (_, i) => (((i * 11) % 17) - 8) / 40);

/** A real and a binary layer at the input; behind a ReLU a real, a binary and a depthwise binary one; a binary layer behind a sign; a real head. */
function build() {
  const builder = new FloatGraphBuilder();
  const x = builder.input([1, 4, 6, 6]);
  const side = builder.add("conv2d", floatConv(4, 8, square(3, 1, 1), binary(288)), x, "binary stem");
  let y = builder.add("elementwise", { kind: "add" }, [builder.add("conv2d", floatConv(4, 8, square(3, 1, 1), real(288)), x, "stem"), side]);
  y = builder.add("activation", { kind: "relu", alpha: 0, beta: 0 }, y);
  y = builder.add("conv2d", floatConv(8, 8, square(3, 1, 1), binary(72), undefined, 8), y, "depthwise");
  y = builder.add("conv2d", floatConv(8, 8, square(3, 1, 1), binary(576)), y, "late");
  y = builder.add("conv2d", floatConv(8, 8, square(3, 1, 1), real(576)), y, "real");
  y = builder.add("conv2d", floatConv(8, 8, square(6), binary(8 * 8 * 36)), builder.add("binarize", {}, y), "bits");
  const flat = builder.add("reshape", { shape: [-1, 8] }, y);
  return builder.finish(
    builder.add("dense", floatDense(8, 5, binary(40)), flat, "binary head"),
    builder.add("dense", floatDense(8, 3, real(24)), flat),
  );
}

const FOUND: Record<Int8Layers, string[]> = {
  first: ["binary stem", "stem"],
  wbin: ["binary head", "binary stem", "late"],
  all: ["binary head", "binary stem", "late", "stem"],
};

test("layers are chosen by where they are and what their weights are", () => {
  const before = hybridize(build()).graph;
  for (const which of INT8_LAYERS) {
    const graph = useInt8Inputs(before, which);
    const found = graph.nodes.filter((node) => "inputKind" in node.attrs && node.attrs.inputKind === "int8").map(({ name }) => name);
    assert.deepEqual(found.sort(), FOUND[which], which);
  }
  assert.ok(before.nodes.every((node) => !("inputKind" in node.attrs) || node.attrs.inputKind !== "int8"));
});

test("a real layer at the input stays float where no fast kernel takes it", () => {
  const cases = {
    groups: floatConv(4, 8, square(3), real(144), undefined, 2),
    dilation: floatConv(4, 8, { ...square(2), dilationH: 2, dilationW: 2 }, real(128)),
    deep: floatConv(130, 1, square(3), real(1170)),
  };
  for (const [name, attrs] of Object.entries(cases)) {
    const builder = new FloatGraphBuilder();
    const { graph } = hybridize(builder.finish(builder.add("conv2d", attrs, builder.input([1, attrs.inChannels, 6, 6]))), { int8: "all" });
    assert.deepEqual(
      graph.nodes.map((node) => node.op === "conv2d" && node.attrs.inputKind),
      ["float"],
      name,
    );
  }
});

test("ranges become scales, notes say which, and files keep them", () => {
  const { graph, report } = hybridize(build(), { int8: "all", int8Ranges: new Map([["stem", 4]]) });
  const reasonOf = (name: string) => report.layers.find((layer) => layer.name === name)?.reason ?? "";
  assert.match(reasonOf("stem"), /model's input; int8 inputs: scale 0\.0315 from calibration; /);
  assert.match(reasonOf("late"), /; int8 inputs: scale of each run; /);
  assert.equal(report.layers.find(({ name }) => name === "stem")?.input, "int8");
  const stored = readModelBytes(writeModel(graph)).graph.nodes.find(({ name }) => name === "stem");
  assert.ok(stored?.op === "conv2d");
  assert.deepEqual([stored.attrs.inputKind, stored.attrs.inputScale, stored.attrs.inputZeroPoint], ["int8", Math.fround(4 / 127), 0]);
  assert.match(stored.note ?? "", /scale 0\.0315 from calibration/);
});

test("models with int8 inputs run, in either build, near the oracle's numbers", async () => {
  const { graph } = hybridize(build(), { int8: "all", int8Ranges: new Map([["stem", 1]]) });
  const data = Float32Array.from({ length: 144 }, (_, i) => ((i * 37) % 101) / 50 - 1);
  const expected = interpret(graph, { x: { shape: [1, 4, 6, 6], data: Float64Array.from(data) } });
  for (const buildName of ["simd", "scalar"] as const) {
    const model = await loadModel(writeModel(graph), { build: buildName });
    for (const [name, numbers] of Object.entries(model.run({ x: data }))) {
      const exact = expected.get(name)?.data ?? [];
      assert.equal(numbers.length, exact.length);
      const isNear = (value: number, i: number) => Math.abs(value - (exact[i] as number)) < 1e-3 * (1 + Math.abs(exact[i] as number));
      assert.equal(
        numbers.findIndex((value, i) => !isNear(value, i)),
        -1,
        name,
      );
    }
  }
});
