import assert from "node:assert/strict";
import { test } from "node:test";
import { randomNumbers } from "../../tests/support/graph-builder.ts";
import { approximateByPlanes, approximateByReleasedTwoLevels, approximateBySign, approximateByTwoLevels } from "./approximate.ts";

/** Least squared error of any mask with the means of its two sides. */
function searchMasks(filter: Float32Array): number {
  let least = Number.POSITIVE_INFINITY;
  for (let mask = 0; mask < 2 ** filter.length; mask++) {
    const sides: number[][] = [[], []];
    filter.forEach((weight, i) => {
      sides[(mask >> i) & 1]?.push(weight);
    });
    let error = 0;
    for (const side of sides) {
      const mean = side.reduce((sum, weight) => sum + weight, 0) / side.length;
      for (const weight of side) error += (weight - mean) ** 2;
    }
    least = Math.min(least, error);
  }
  return least;
}

test("two levels have the least squared error of all masks", () => {
  const random = randomNumbers(11);
  for (let trial = 0; trial < 120; trial++) {
    const offset = trial % 3 === 0 ? 100 : trial % 3;
    const filter = Float32Array.from({ length: 1 + (trial % 10) }, () => {
      const weight = random();
      return offset + (trial % 4 === 0 ? Math.round(3 * weight) : weight);
    });
    const { squaredError } = approximateByTwoLevels(filter);
    const least = searchMasks(filter);
    assert.ok(Math.abs(squaredError - least) <= 1e-9 * (least + 1), `trial ${trial}: ${squaredError}, but ${least} is possible`);
  }
});

test("equal, single and no weights, ties", () => {
  assert.deepEqual(approximateByTwoLevels(Float32Array.of(3, 3, 3)), { low: 3, high: 3, mask: new Uint8Array(3), squaredError: 0 });
  assert.deepEqual(approximateByTwoLevels(Float32Array.of(-2)), { low: -2, high: -2, mask: new Uint8Array(1), squaredError: 0 });
  assert.equal(approximateByTwoLevels(new Float32Array()).squaredError, 0);
  assert.deepEqual([...approximateByTwoLevels(Float32Array.of(1, 0, 1, 0)).mask], [0, 1, 0, 1]);
  assert.deepEqual([...approximateByTwoLevels(Float32Array.of(-1, 0, 1)).mask], [1, 1, 0]);
});

test("sign takes exact zeros as negative and the mean magnitude as level", () => {
  const { low, high, mask, squaredError } = approximateBySign(Float32Array.of(3, 0, -1, 0));
  assert.deepEqual([low, high, [...mask], squaredError], [-1, 1, [0, 1, 1, 1], 6]);
});

/** 64 filters of 576 weights each from `draw`. */
function compare(draw: (uniform: () => number) => number): { sign: number; two: number; released: number } {
  const random = randomNumbers(5);
  const uniform = () => Math.max((random() + 1) / 2, 1e-12);
  const sums = { sign: 0, two: 0, released: 0 };
  for (let trial = 0; trial < 64; trial++) {
    const filter = Float32Array.from({ length: 576 }, () => draw(uniform));
    sums.sign += approximateBySign(filter).squaredError;
    sums.two += approximateByTwoLevels(filter).squaredError;
    sums.released += approximateByReleasedTwoLevels(filter).squaredError;
  }
  return sums;
}

const gauss = (uniform: () => number) => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());

test("weights of mean 0 gain next to nothing from two levels, weights of another mean a share", () => {
  const gain = ({ sign, two }: { sign: number; two: number }) => 1 - two / sign;
  const centred = gain(compare(gauss));
  const shifted = gain(compare((uniform) => gauss(uniform) + 0.5));
  assert.ok(centred >= 0 && centred < 0.01, `${centred}`);
  assert.ok(shifted > 0.06 && shifted < 0.4, `${shifted}`);
});

test("the released variant is never better than the optimum", () => {
  for (const mean of [0, 0.3, 0.5]) {
    const { two, released } = compare((uniform) => gauss(uniform) + mean);
    assert.ok(released >= two * (1 - 1e-12) && released < two * 1.1, `mean ${mean}: ${released / two}`);
  }
});

test("the released variant by hand: the ascending order has the larger index, so the threshold is -1", () => {
  const { low, high, mask } = approximateByReleasedTwoLevels(Float32Array.of(-1, 5, 1, -2));
  assert.deepEqual([[...mask], low, high], [[1, 0, 0, 1], -1.5, 3]);
});

test("scaling and shifting weights scales and shifts two levels", () => {
  const random = randomNumbers(3);
  const filter = Float32Array.from({ length: 64 }, () => Math.round(64 * random()) / 64);
  const plain = approximateByTwoLevels(filter);
  const moved = approximateByTwoLevels(filter.map((weight) => 4 * weight + 2));
  assert.deepEqual(moved.mask, plain.mask);
  assert.ok(Math.abs(moved.high - (4 * plain.high + 2)) < 1e-12 && Math.abs(moved.low - (4 * plain.low + 2)) < 1e-12);
});

test("the first plane is the sign, and every further plane lowers the error", () => {
  const random = randomNumbers(9);
  const filter = Float32Array.from({ length: 200 }, random);
  const errors = [1, 2, 3].map((count) => approximateByPlanes(filter, count).squaredError);
  assert.ok(Math.abs((errors[0] ?? 0) - approximateBySign(filter).squaredError) < 1e-12);
  assert.ok((errors[1] ?? 0) < (errors[0] ?? 0) && (errors[2] ?? 0) < (errors[1] ?? 0), String(errors));
});
