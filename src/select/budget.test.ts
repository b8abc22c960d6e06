import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Choice, chooseWithin, chooseWithLoss, listBestChoices } from "./budget.ts";

const items = fc.array(fc.record({ gain: fc.integer({ min: 0, max: 50 }), price: fc.integer({ min: 1, max: 50 }) }), { maxLength: 9 });

/** All subsets. */
function listAll(list: readonly { gain: number; price: number }[]): Choice[] {
  return Array.from({ length: 2 ** list.length }, (_, code) => {
    const chosen = list.map((_, i) => i).filter((i) => (code >> i) & 1);
    const sum = (what: "gain" | "price") => chosen.reduce((total, i) => total + (list[i]?.[what] as number), 0);
    return { chosen, gain: sum("gain"), price: sum("price") };
  });
}

test("within every budget, no subset has more gain", () => {
  fc.assert(
    fc.property(items, fc.integer({ min: 0, max: 500 }), (list, budget) => {
      const choices = listBestChoices(
        list.map(({ gain }) => gain),
        list.map(({ price }) => price),
      );
      const best = Math.max(...listAll(list).flatMap(({ gain, price }) => (price <= budget ? [gain] : [])));
      const { chosen, gain, price } = chooseWithin(choices, budget);
      assert.equal(gain, best);
      assert.ok(price <= budget);
      assert.equal(
        chosen.reduce((sum, i) => sum + (list[i]?.gain as number), 0),
        gain,
      );
    }),
    { seed: 1 },
  );
});

test("each choice costs more and gains more than the one before", () => {
  fc.assert(
    fc.property(items, (list) => {
      const choices = listBestChoices(
        list.map(({ gain }) => gain),
        list.map(({ price }) => price),
      );
      choices.slice(1).forEach((choice, i) => {
        assert.ok(choice.price > (choices[i] as Choice).price && choice.gain > (choices[i] as Choice).gain);
      });
    }),
    { seed: 1 },
  );
});

test("two hundred layers are few", () => {
  const numbers = (step: number) => Array.from({ length: 200 }, (_, i) => 1 + ((i * step) % 97) + i / 1000);
  const choices = listBestChoices(numbers(31), numbers(57));
  assert.ok(choices.length <= 10001);
});

test("within every loss, no subset is cheaper", () => {
  fc.assert(
    fc.property(items, fc.integer({ min: 0, max: 500 }), (list, loss) => {
      const choices = listBestChoices(
        list.map(({ gain }) => gain),
        list.map(({ price }) => price),
      );
      const all = listAll(list);
      const most = Math.max(...all.map(({ gain }) => gain));
      const { gain, price } = chooseWithLoss(choices, loss);
      assert.ok(most - gain <= loss);
      assert.equal(price, Math.min(...all.flatMap((choice) => (most - choice.gain <= loss ? [choice.price] : []))));
    }),
    { seed: 1, numRuns: 300 },
  );
});
