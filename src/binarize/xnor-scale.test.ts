import assert from "node:assert/strict";
import { test } from "node:test";
import { FloatGraphBuilder, floatConv, randomNumbers } from "../../tests/support/graph-builder.ts";
import { interpret } from "../../tests/support/interpret.ts";
import { square } from "../../tests/support/window.ts";
import { hybridize } from "./passes.ts";

const SIZE = 6;
const CHANNELS = 3;

function build(isSigned: boolean) {
  const builder = new FloatGraphBuilder();
  const x = builder.input([1, CHANNELS, SIZE, SIZE]);
  const weights = Float32Array.from({ length: 2 * CHANNELS * 9 }, randomNumbers(5)).map((w) => (w < 0 ? -0.5 : 0.5));
  const value = isSigned ? builder.add("binarize", {}, x, "sign") : x;
  return builder.finish(builder.add("conv2d", floatConv(CHANNELS, 2, square(3, 1, 1), weights), value, "conv"));
}

test("K is the mean magnitude under each window, zeros of the border included", () => {
  const x = Float64Array.from({ length: CHANNELS * SIZE * SIZE }, randomNumbers(6));
  const run = (xnorScale: boolean) => {
    const { graph } = hybridize(build(true), { xnorScale });
    return interpret(graph, { x: { shape: [1, CHANNELS, SIZE, SIZE], data: x } }).get("conv_out")?.data as Float64Array;
  };
  const [plain, scaled] = [run(false), run(true)];
  for (let y = 0; y < SIZE; y++) {
    for (let column = 0; column < SIZE; column++) {
      let sum = 0;
      for (let c = 0; c < CHANNELS; c++) {
        for (let row = Math.max(0, y - 1); row <= Math.min(SIZE - 1, y + 1); row++) {
          for (let i = Math.max(0, column - 1); i <= Math.min(SIZE - 1, column + 1); i++) sum += Math.abs(x[(c * SIZE + row) * SIZE + i] as number);
        }
      }
      const at = y * SIZE + column;
      const wanted = ((plain[at] as number) * sum) / (9 * CHANNELS);
      assert.ok(Math.abs((scaled[at] as number) - wanted) < 1e-6, `at ${y}, ${column}`);
    }
  }
});

test("a net without signs is refused", () => {
  assert.throws(() => hybridize(build(false), { xnorScale: true }), /no conv2d reads a sign around 0/);
});
