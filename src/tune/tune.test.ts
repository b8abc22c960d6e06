import assert from "node:assert/strict";
import { test } from "node:test";
import { summarize } from "./tune.ts";

const STEPS = [
  { node: "a", kernel: "slow", others: ["fast", "slowest"] },
  { node: "b", kernel: "good", others: ["same"] },
  { node: "c", kernel: "only", others: [] },
];
const TIMES: Record<string, number> = { slow: 2, fast: 1, slowest: 9, good: 1, same: 0.99, only: 5 };
const timeOf = (_: string, kernel: string) => TIMES[kernel] ?? Number.NaN;

test("a kernel is replaced by a faster one, but not for a gain within the noise", () => {
  const { kernels, ms } = summarize(STEPS, timeOf);
  assert.deepEqual(kernels, { a: "fast" });
  assert.deepEqual(ms, { untuned: 8, tuned: 7 });
});

test("layers with a choice list it, fastest first", () => {
  const { layers } = summarize(STEPS, timeOf);
  assert.deepEqual(
    layers.map(({ node, candidates }) => [node, candidates.map(({ kernel }) => kernel)]),
    [
      ["a", ["fast", "slow", "slowest"]],
      ["b", ["same", "good"]],
    ],
  );
});
