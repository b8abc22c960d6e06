import assert from "node:assert/strict";
import { test } from "node:test";
import { InputErrorMeter } from "./input-error.ts";

test("the three forms, by hand", () => {
  const meter = new InputErrorMeter();
  meter.add(Float32Array.of(1, -1, 2, 0), 2);
  meter.add(Float32Array.of(0.5, -0.5, 0.5, -0.5), 2);
  // sign(x) - x: 0 0 -1 1, then 0.5 four times.
  const { rmse, normalized, oneMinusSquare } = meter.error;
  assert.equal(rmse, Math.sqrt((2 / 4 + 1 / 4) / 2));
  assert.equal(normalized, Math.sqrt((2 / 6 + 1) / 2));
  assert.equal(oneMinusSquare, (1 / 4 + 3 / 4) / 2);
});

test("x counts from its channel's threshold", () => {
  const [plain, shifted] = [new InputErrorMeter(), new InputErrorMeter()];
  plain.add(Float32Array.of(0.5, -2, 3, 1), 2);
  shifted.add(Float32Array.of(1.5, -1, 1, -1), 2, { values: Float32Array.of(1, -2) });
  assert.deepEqual(shifted.error, plain.error);
});

test("an image of zeros loses all of it", () => {
  const meter = new InputErrorMeter();
  meter.add(new Float32Array(6), 3);
  assert.deepEqual(meter.error, { rmse: 1, normalized: 1, oneMinusSquare: 1 });
});
