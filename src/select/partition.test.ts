// Scores as the paper's figures plot them (erilyth/HybridBinaryNetworks-WACV18, visualizations/plot_binarization_errors.py), errors as its
// authors logged them (code/textlogs/oldtextlogs), by convolution, the first left out.
import assert from "node:assert/strict";
import { test } from "node:test";
import { scoreLayers } from "./metric.ts";
import { partition, takeTail } from "./partition.ts";

const SKETCHANET = {
  scores: [7.19, 14.4, 13.06, 15.48, 19.62, 41.4],
  errors: [0.608, 0.62, 0.782, 0.791, 0.684, 0.943],
  megaMacs: [196.8, 66.4, 132.7, 132.7, 6.42, 0.262],
};
const RESNET18 = {
  scores: [7.78, 8.46, 7.51, 7.68, 8.9, 7.16, 8.94, 8.6, 10.47, 8.4, 9.87, 10.01, 12.75, 10.79, 13.67, 13.95],
  // biome-ignore lint/suspicious/noApproximativeNumericConstant: 0.707 was logged; it is no root.
  errors: [0.665, 0.721, 0.638, 0.655, 0.547, 0.573, 0.754, 0.719, 0.64, 0.666, 0.805, 0.801, 0.707, 0.818, 1.071, 1.028],
  megaMacs: [...Array.from({ length: 4 }, () => 115.6), ...[0, 1, 2].flatMap(() => [57.8, 115.6, 115.6, 115.6])],
};
const convs = (indices: readonly number[]) => indices.map((index) => index + 2);

test("the paper's scores give its Hybrid-2, with one ratio for both nets", () => {
  const sketch = partition(SKETCHANET.scores, { ratio: 0.15, total: 7 });
  assert.deepEqual([convs(sketch.chosen), sketch.clusters], [[7], 2]);
  const resnet = partition(RESNET18.scores, { ratio: 0.15, total: 19 });
  assert.deepEqual([convs(resnet.chosen), resnet.clusters], [[16, 17], 5]);
});

test("two top clusters give its Hybrid-1; for ResNet-18 as many layers from the end", () => {
  assert.deepEqual(convs(partition(SKETCHANET.scores, { ratio: 0.37, total: 7, tops: 2 }).chosen), [6, 7]);
  const { chosen } = partition(RESNET18.scores, { ratio: 0.37, total: 19, tops: 2 });
  assert.deepEqual(convs(chosen), [10, 12, 13, 14, 15, 16, 17]);
  assert.deepEqual(convs(takeTail(chosen.length, 16)), [11, 12, 13, 14, 15, 16, 17]);
});

test("logged errors and MACs give the same Hybrid-2 by the default metric", () => {
  const sketch = scoreLayers(SKETCHANET.errors, SKETCHANET.megaMacs);
  assert.deepEqual(convs(partition(sketch, { ratio: 0.15, total: 7 }).chosen), [7]);
  const resnet = scoreLayers(RESNET18.errors, RESNET18.megaMacs);
  assert.deepEqual(convs(partition(resnet, { ratio: 0.15, total: 19 }).chosen), [16, 17]);
});

test("few layers: the highest score alone; equal scores: none", () => {
  assert.deepEqual(partition([1, 3, 2], { ratio: 0.15 }).chosen, [1]);
  assert.deepEqual(partition([2, 2, 2], { ratio: 0.15 }).chosen, []);
  assert.deepEqual(partition([5], { ratio: 1 }).chosen, []);
});

test("a metric without errors, and of layers that cost the same, is finite", () => {
  assert.deepEqual(scoreLayers([0, 0], [3, 3], 1, "log"), [0, 0]);
  assert.deepEqual(scoreLayers([1, 2], [3, 3], 1, "log"), [0.5, 1]);
  assert.deepEqual(scoreLayers([2, 2], [1, 8], 0.5, "log"), [1.5, 1]);
  assert.deepEqual(scoreLayers([2, 2], [1, 8], 0.5), [1.5, 1.0625]);
});
