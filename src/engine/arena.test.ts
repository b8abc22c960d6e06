import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Lifetime, OVERREAD_BYTES, placeBuffers, roundUp } from "./arena.ts";

const lifetimes = fc.array(
  fc
    .record({ bytes: fc.integer({ min: 1, max: 4000 }), first: fc.nat(20), length: fc.nat(5) })
    .map(({ bytes, first, length }): Lifetime => ({ bytes, first, last: first + length })),
  { maxLength: 40 },
);

function isAliveWith(a: Lifetime, b: Lifetime): boolean {
  return a.first <= b.last && b.first <= a.last;
}

test("buffers alive at the same time never overlap, slack included", () => {
  fc.assert(
    fc.property(lifetimes, (buffers) => {
      const { offsets, bytes } = placeBuffers(buffers);
      buffers.forEach((a, i) => {
        const begin = offsets[i] as number;
        const end = begin + a.bytes + OVERREAD_BYTES;
        assert.equal(begin % 16, 0);
        assert.ok(end <= bytes, `buffer ${i} ends at ${end} of ${bytes}`);
        buffers.forEach((b, j) => {
          const other = offsets[j] as number;
          if (i < j && isAliveWith(a, b)) assert.ok(end <= other || other + b.bytes + OVERREAD_BYTES <= begin, `buffers ${i} and ${j} overlap`);
        });
      });
    }),
    { seed: 1, numRuns: 500 },
  );
});

test("a chain needs its two largest neighbours, not the sum", () => {
  const sizes = [1600, 3200, 1600, 800, 400];
  const chain = sizes.map((bytes, step): Lifetime => ({ bytes, first: step - 1, last: step }));
  const { bytes } = placeBuffers(chain);
  assert.equal(bytes, roundUp(3200) + roundUp(1600) + 2 * OVERREAD_BYTES);
});

test("no buffers need no memory", () => {
  assert.deepEqual(placeBuffers([]), { offsets: [], bytes: 0 });
});
