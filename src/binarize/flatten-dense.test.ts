import assert from "node:assert/strict";
import { test } from "node:test";
import { FloatGraphBuilder, floatConv, floatDense, randomNumbers } from "../../tests/support/graph-builder.ts";
import { interpret } from "../../tests/support/interpret.ts";
import { square } from "../../tests/support/window.ts";
import { hybridize } from "./passes.ts";

const draw = randomNumbers(9);
const numbers = (length: number) => Float32Array.from({ length }, () => draw());
const signs = (length: number) => Float32Array.from({ length }, () => (draw() < 0 ? -0.5 : 0.5));

/** A convolution, a sign, a dense layer on what is flattened, and perhaps a second one behind another sign. */
function build(channels: number, isLast: boolean, ends: "floats" | "bits") {
  const builder = new FloatGraphBuilder();
  const x = builder.input([2, 3, 5, 4]);
  let y = builder.add("conv2d", floatConv(3, channels, square(3, 1, 0), numbers(27 * channels)), x);
  if (isLast) y = builder.add("transpose", { perm: [0, 2, 3, 1] }, y);
  y = builder.add("binarize", {}, builder.add("reshape", { shape: [-1, 6 * channels] }, y));
  y = builder.add("dense", floatDense(6 * channels, 33, signs(33 * 6 * channels), numbers(33)), y);
  if (ends === "bits") y = builder.add("dense", floatDense(33, 4, signs(4 * 33)), builder.add("binarize", {}, y));
  return builder.finish(y);
}

test("a dense layer on a flattened map of bits becomes a window over the map, and computes the same", () => {
  for (const channels of [32, 64, 63]) {
    for (const isLast of [false, true]) {
      for (const ends of ["floats", "bits"] as const) {
        const graph = build(channels, isLast, ends);
        const { graph: hybrid } = hybridize(graph);
        assert.deepEqual(
          hybrid.nodes.map(({ op }) => op),
          ["conv2d", "conv2d", "reshape", ...(ends === "bits" ? ["dense"] : [])],
        );
        const data = numbers(120);
        const name = graph.values[graph.outputs[0] as number]?.name as string;
        const [before, after] = [graph, hybrid].map((net) => interpret(net, { x: { shape: [2, 3, 5, 4], data } }).get(name)?.data);
        before?.forEach((value, i) => {
          assert.ok(Math.abs(value - (after?.[i] as number)) < 1e-4, `${channels} ${isLast} ${ends}: ${after?.[i]} instead of ${value}`);
        });
      }
    }
  }
});

test("channels that leave their words empty are flattened", () => {
  const { graph } = hybridize(build(5, false, "floats"));
  assert.ok(graph.nodes.some(({ op }) => op === "dense"));
});
