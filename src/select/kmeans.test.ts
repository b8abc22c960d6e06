import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { kmeans1d } from "./kmeans.ts";

/** Sum of squared distances to the means of the clusters. */
function costOf(values: readonly number[], clusterOf: readonly number[]): number {
  return [...new Set(clusterOf)].reduce((sum, cluster) => {
    const own = values.filter((_, i) => clusterOf[i] === cluster);
    const mean = own.reduce((a, b) => a + b, 0) / own.length;
    return sum + own.reduce((a, b) => a + (b - mean) ** 2, 0);
  }, 0);
}

/** The least cost of all assignments to `clusters` clusters. */
function leastCost(values: readonly number[], clusters: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let code = 0; code < clusters ** values.length; code++) {
    const clusterOf = values.map((_, i) => Math.floor(code / clusters ** i) % clusters);
    least = Math.min(least, costOf(values, clusterOf));
  }
  return least;
}

test("no assignment has smaller squares", () => {
  const values = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 7 });
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 3 }), (list, clusters) => {
      const least = leastCost(list, clusters);
      assert.ok(Math.abs(costOf(list, kmeans1d(list, clusters)) - least) < 1e-9 * (1 + least));
    }),
    { seed: 1 },
  );
});

test("clusters are numbered from the lowest, none is empty, and equal values share one", () => {
  const values = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 45 }), (list, clusters) => {
      const found = kmeans1d(list, clusters);
      assert.equal(new Set(found).size, Math.min(clusters, new Set(list).size));
      assert.equal(Math.max(...found), new Set(found).size - 1);
      list.forEach((a, i) => {
        list.forEach((b, j) => {
          if (a <= b) assert.ok((found[i] as number) <= (found[j] as number));
        });
      });
    }),
    { seed: 1 },
  );
});

test("a common part a million times the differences does no harm", () => {
  assert.deepEqual(
    kmeans1d(
      [1, 2, 11, 12].map((value) => 1e6 + value * 1e-3),
      2,
    ),
    [0, 0, 1, 1],
  );
});
