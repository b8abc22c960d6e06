import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { approximateByBits, approximateByPlanes, approximateBySign, approximateByTwoLevels } from "../binarize/approximate.ts";
import { Random } from "../zoo/random.ts";
import { countSignResponses, countTwoLevelResponses } from "./responses.ts";

const filters = fc.array(fc.float({ min: -4, max: 4, noNaN: true }), { minLength: 1, maxLength: 9 });

/** Least squared error of all ways to part the weights in two, each part at its mean. */
function leastOfAllMasks(weights: readonly number[]): number {
  let least = Number.POSITIVE_INFINITY;
  for (let mask = 0; mask < 2 ** weights.length; mask++) {
    const parts = [0, 1].map((bit) => weights.filter((_, i) => ((mask >> i) & 1) === bit));
    const errors = parts.map((part) => {
      const mean = part.reduce((a, b) => a + b, 0) / Math.max(1, part.length);
      return part.reduce((sum, w) => sum + (w - mean) ** 2, 0);
    });
    least = Math.min(least, (errors[0] as number) + (errors[1] as number));
  }
  return least;
}

test("no two levels, over any part of the weights, come nearer", () => {
  fc.assert(
    fc.property(filters, (weights) => {
      const { squaredError, low, high } = approximateByTwoLevels(Float32Array.from(weights));
      assert.ok(Math.abs(squaredError - leastOfAllMasks(weights)) < 1e-9);
      assert.ok(high >= low);
    }),
    { seed: 1, numRuns: 300 },
  );
});

test("equal weights, ties, a single weight and none", () => {
  const levelsOf = (...weights: number[]) => {
    const { low, high, mask, squaredError } = approximateByTwoLevels(Float32Array.from(weights));
    return [low, high, [...mask], squaredError];
  };
  assert.deepEqual(levelsOf(2, 2, 2), [2, 2, [0, 0, 0], 0]);
  assert.deepEqual(levelsOf(5), [5, 5, [0], 0]);
  assert.deepEqual(levelsOf(1, 3, 1, 3), [1, 3, [1, 0, 1, 0], 0]);
  assert.deepEqual(levelsOf(), [0, 0, [], 0]);
  assert.deepEqual([...approximateBySign(Float32Array.of(2, -1, 0)).mask], [0, 1, 1]);
});

test("sign is the best +-alpha, planes never lose by one more, and scaling scales", () => {
  fc.assert(
    fc.property(filters, fc.double({ min: 0, max: 4, noNaN: true }), (weights, alpha) => {
      const other = weights.reduce((sum, w) => sum + (Math.abs(w) - alpha) ** 2, 0);
      const { squaredError } = approximateBySign(Float32Array.from(weights));
      assert.ok(squaredError <= other + 1e-9);
      assert.ok(approximateByTwoLevels(Float32Array.from(weights)).squaredError <= squaredError + 1e-9);
      const errors = [1, 2, 3].map((planes) => approximateByPlanes(Float32Array.from(weights), planes).squaredError);
      assert.ok(Math.abs((errors[0] as number) - squaredError) < 1e-9);
      assert.ok((errors[1] as number) <= (errors[0] as number) + 1e-9 && (errors[2] as number) <= (errors[1] as number) + 1e-9);
      const tripled = approximateByTwoLevels(Float32Array.from(weights, (w) => 3 * w)).squaredError;
      assert.ok(Math.abs(tripled - 9 * approximateByTwoLevels(Float32Array.from(weights)).squaredError) < 1e-4);
    }),
    { seed: 1, numRuns: 300 },
  );
});

/** 20 filters of 4096 weights: what two levels keep of what sign loses. */
function gainOn(draw: (random: Random) => number): number {
  const random = new Random(1);
  let [sign, two] = [0, 0];
  for (let filter = 0; filter < 20; filter++) {
    const weights = Array.from({ length: 4096 }, () => draw(random));
    sign += approximateBySign(Float32Array.from(weights)).squaredError;
    two += approximateByTwoLevels(Float32Array.from(weights)).squaredError;
  }
  return 1 - two / sign;
}

/** Box and Muller's. */
const gauss = (random: Random) => Math.sqrt(-2 * Math.log(1 - random.float(0, 1))) * Math.cos(2 * Math.PI * random.float(0, 1));

test("two levels gain next to nothing on symmetric weights, 7 and 18 % on shifted ones, most on weights of one sign", () => {
  const found = [
    gauss,
    (random: Random) => gauss(random) + 0.3,
    (random: Random) => gauss(random) + 0.5,
    (random: Random) => -Math.log(1 - random.float(0, 1)),
  ].map(gainOn);
  // Papers page 2.1: within 0.1 % at mean 0, 6 to 28 % for the rest; its exponential weights will have been centred, as the papers' training does.
  [0.0014, 0.074, 0.182, 0.649].forEach((expected, i) => {
    assert.ok(Math.abs((found[i] as number) - expected) < 0.001 + 0.03 * expected, `${found}`);
  });
  const centred = gainOn((random) => -Math.log(1 - random.float(0, 1)) - 1);
  assert.ok(centred > 0.06 && centred < 0.28, `${centred}`);
});

test("responses, by hand", () => {
  // 1 coin: 2 answers alike. 2 coins: 1/4, 1/2, 1/4: 1.5 bits.
  assert.ok(Math.abs(countSignResponses(1) - 2) < 1e-12);
  assert.ok(Math.abs(countSignResponses(2) - 2 ** 1.5) < 1e-12);
  assert.ok(Math.abs(countTwoLevelResponses(2, 1) - 4) < 1e-12);
  assert.equal(countTwoLevelResponses(9, 9), countSignResponses(9));
  const [below, above] = [countSignResponses(1999), countSignResponses(2000)];
  assert.ok(above > below && above / below < 1.0005);
});

test("8 bits are within half a step, and their planes add up to them", () => {
  fc.assert(
    fc.property(filters, (weights) => {
      const filter = Float32Array.from(weights);
      const largest = Math.max(...filter.map(Math.abs));
      const { planes, squaredError } = approximateByBits(filter, 8);
      const sums = filter.map((_, i) => planes.reduce((sum, { alpha, mask }) => sum + (mask[i] === 1 ? -alpha : alpha), 0));
      let error = 0;
      sums.forEach((sum, i) => {
        const off = Math.abs(sum - (filter[i] as number));
        assert.ok(off <= largest / 255 + 1e-6 * largest, `${filter[i]} becomes ${sum}`);
        error += off * off;
      });
      assert.ok(Math.abs(error - squaredError) <= 1e-5 * (largest * largest + 1e-30) * filter.length);
    }),
    { seed: 2, numRuns: 300 },
  );
});
