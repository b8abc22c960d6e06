import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesNet } from "../../tests/support/bytes-net.ts";
import { FloatGraphBuilder, floatConv, floatDense } from "../../tests/support/graph-builder.ts";
import { Random } from "../../tests/support/random.ts";
import { square } from "../../tests/support/window.ts";
import { writeModel } from "../format/write.ts";
import type { Graph, Numbers } from "../graph/graph.ts";
import { loadModel } from "../index.ts";
import { useInt8Between } from "./int8-between.ts";
import { hybridize } from "./passes.ts";

/** Names of the values that are int8. */
const int8Of = ({ values }: Graph<Numbers>) => values.filter(({ type }) => type === "i8").map(({ name }) => name);

test("layers whose readers have one grid write int8, through a reshape", () => {
  const graph = useInt8Between(bytesNet({ input: false, between: false }));
  assert.deepEqual(int8Of(graph), ["conv2d0.out", "conv2d1.out", "reshape2.out"]);
  assert.deepEqual(writeModel(graph), writeModel(bytesNet({ input: false, between: true })));
});

test("a value stays f32 where somebody needs floats, another grid, or the scale of each run", () => {
  const cases: [string, (graph: Graph<Numbers>) => void][] = [
    ["a graph output", (graph) => graph.outputs.push(1)],
    ["a reader of floats", (graph) => Object.assign(graph.nodes[1]?.attrs ?? {}, { inputKind: "float" })],
    ["the scale of each run", (graph) => Object.assign(graph.nodes[1]?.attrs ?? {}, { inputScale: 0, inputZeroPoint: 0 })],
  ];
  for (const [what, edit] of cases) {
    const graph = bytesNet({ input: false, between: false });
    edit(graph);
    assert.deepEqual(int8Of(useInt8Between(graph)), ["conv2d1.out", "reshape2.out"], what);
  }
});

test("a converted net gives the same to the bit as without int8 values", async () => {
  const signs = (length: number) => Float32Array.from({ length }, (_, i) => ((i * i + (i >> 2)) % 3 === 0 ? 0.5 : -0.5));
  const builder = new FloatGraphBuilder();
  let x = builder.input([1, 3, 12, 12]);
  x = builder.add("conv2d", floatConv(3, 8, square(3, 1, 1), signs(216)), x, "one");
  x = builder.add("activation", { kind: "relu", alpha: 0, beta: 0 }, x);
  x = builder.add("conv2d", floatConv(8, 8, square(3, 2, 1), signs(576)), x, "two");
  const fork = builder.add("conv2d", floatConv(8, 4, square(1), signs(32)), x, "left");
  const other = builder.add("conv2d", floatConv(8, 4, square(1), signs(32)), x, "right");
  x = builder.add("reshape", { shape: [-1, 144] }, builder.add("elementwise", { kind: "add" }, [fork, other]));
  const graph = builder.finish(builder.add("dense", floatDense(144, 5, signs(720)), x, "head"));
  const ranges = new Map([
    ["one", 1],
    ["two", 3],
    ["left", 20],
    ["right", 20],
    ["head", 40],
  ]);
  const { graph: converted } = hybridize(graph, { int8: "wbin", int8Ranges: ranges });
  // "left" is added to what "right" makes, in floats; the sum is rounded, and reshaped.
  assert.equal(int8Of(converted).length, 4);
  const floats = {
    ...converted,
    values: converted.values.map((value) => ({ ...value, type: "f32" as const })),
    nodes: converted.nodes.map((node) => ({ ...node, attrs: { ...node.attrs, quantize: undefined } })) as typeof converted.nodes,
  };
  const input = new Random(4).floats(432, -1, 1);
  using one = await loadModel(writeModel(converted));
  using two = await loadModel(writeModel(floats));
  assert.deepEqual(one.run({ x: input }), two.run({ x: input }));
});
