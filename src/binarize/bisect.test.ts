import assert from "node:assert/strict";
import { test } from "node:test";
import { findFloatThreshold, findThreshold } from "./bisect.ts";

const LARGEST = 3.4028234663852886e38;

test("integer thresholds agree with the question at every integer, for every place of the change", () => {
  const wrong: string[] = [];
  for (const isRising of [true, false]) {
    for (let change = -6; change <= 7; change++) {
      const isPlus = (v: number) => v >= change === isRising;
      const { value, flip } = findThreshold(-5, 5, isPlus);
      for (let v = -5; v <= 5; v++) if ((v < value === flip) !== isPlus(v)) wrong.push(`rising ${isRising}, change at ${change}, v ${v}`);
      if (value < -6 || value > 6) wrong.push(`threshold ${value} is outside [-K-1, K+1]`);
    }
  }
  assert.deepEqual(wrong, []);
});

test("float thresholds are the smallest float32 with the new answer", () => {
  const limits = [0, 1, -1, 0.1, -0.1, 1e-45, -1e-45, 1e-40, 123456.789, -3e38, 16777217];
  for (const limit of limits) {
    const { value, flip } = findFloatThreshold((v) => v >= limit);
    assert.equal(flip, false);
    assert.equal(value, Math.fround(value));
    assert.ok(value >= limit, `${value} must reach ${limit}`);
    const word = new Int32Array(Float32Array.of(value).buffer);
    const below = new Float32Array(Int32Array.of((word[0] ?? 0) + (value > 0 ? -1 : 1)).buffer)[0] ?? 0;
    assert.ok(value === 0 || below < limit, `${below}, the float before ${value}, must not reach ${limit}`);
  }
});

test("a falling question flips", () => {
  assert.deepEqual(
    findFloatThreshold((v) => v < 2),
    { value: 2, flip: true },
  );
  assert.deepEqual(
    findThreshold(-9, 9, (v) => v <= 2),
    { value: 3, flip: true },
  );
});

test("constant answers use the lowest number, which keeps stored thresholds finite", () => {
  assert.deepEqual(
    findFloatThreshold(() => true),
    { value: -LARGEST, flip: false },
  );
  assert.deepEqual(
    findFloatThreshold(() => false),
    { value: -LARGEST, flip: true },
  );
  assert.deepEqual(
    findThreshold(-4, 4, () => true),
    { value: -4, flip: false },
  );
  assert.deepEqual(
    findThreshold(-4, 4, () => false),
    { value: -4, flip: true },
  );
});
