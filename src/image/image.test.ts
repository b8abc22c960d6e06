import assert from "node:assert/strict";
import { test } from "node:test";
import { RunError } from "../graph/errors.ts";
import type { Preprocess } from "../graph/graph.ts";
import { preprocess } from "./preprocess.ts";
import { rasterize } from "./strokes.ts";

function model(rule: Partial<Preprocess>) {
  const preprocess: Preprocess = { width: 2, height: 2, channels: "gray", mean: [], std: [], invert: false, resize: "stretch", ...rule };
  const count = preprocess.channels === "gray" ? 1 : 3;
  return { metadata: { preprocess }, inputs: [{ shape: [-1, count, preprocess.height, preprocess.width] }] };
}

function close(actual: ArrayLike<number>, expected: number[]): void {
  assert.equal(actual.length, expected.length);
  for (const [i, number] of expected.entries())
    assert.ok(Math.abs((actual[i] as number) - number) < 1e-5, `index ${i}: ${actual[i]} is not ${number}`);
}

test("grey pixels of the right size are only scaled", () => {
  close(preprocess({ width: 2, height: 2, data: Uint8Array.of(0, 51, 102, 255) }, model({})), [0, 0.2, 0.4, 1]);
});

test("a model with an int8 input gets pixels less 128, inverted or not", () => {
  const bytes = (rule: Partial<Preprocess>) => {
    const { metadata, inputs } = model(rule);
    return { metadata, inputs: inputs.map((input) => ({ ...input, type: "i8" as const })) };
  };
  const image = { width: 2, height: 2, data: Uint8Array.of(0, 51, 128, 255) };
  assert.deepEqual(preprocess(image, bytes({})), Int8Array.of(-128, -77, 0, 127));
  assert.deepEqual(preprocess(image, bytes({ invert: true, mean: [0.2], std: [3] })), Int8Array.of(127, 76, -1, -128));
});

test("inversion comes before normalisation", () => {
  close(preprocess({ width: 2, height: 2, data: Uint8Array.of(0, 255, 0, 255) }, model({ invert: true, mean: [0.5], std: [0.25] })), [2, -2, 2, -2]);
});

test("colour channels are reordered and each has its own mean", () => {
  const data = Uint8Array.from({ length: 12 }, (_, i) => [255, 0, 51][i % 3] as number);
  const output = preprocess({ width: 2, height: 2, data }, model({ channels: "bgr", mean: [0.1, 0, 0], std: [1, 1, 2] }));
  close(output, [0.1, 0.1, 0.1, 0.1, 0, 0, 0, 0, 0.5, 0.5, 0.5, 0.5]);
});

test("transparent pixels are white paper", () => {
  const data = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 255, 0, 0, 0, 0, 0, 0, 0, 255);
  close(preprocess({ width: 2, height: 2, data }, model({})), [1, 0, 1, 0]);
});

test("shrinking takes the mean of the area, also at odd ratios", () => {
  const data = Uint8Array.from([0, 0, 255, 255, 0, 0, 255, 255, 255, 255, 0, 0, 255, 255, 0, 0]);
  close(preprocess({ width: 4, height: 4, data }, model({})), [0, 1, 1, 0]);
  const ramp = Uint8Array.from({ length: 9 }, (_, i) => (i % 3) * 51);
  close(preprocess({ width: 3, height: 3, data: ramp }, model({})), [0.2 / 3, 1 / 3, 0.2 / 3, 1 / 3]);
});

test("enlarging keeps a flat image flat and a ramp monotone", () => {
  const flat = preprocess({ width: 2, height: 2, data: Uint8Array.of(51, 51, 51, 51) }, model({ width: 5, height: 7 }));
  close(flat, new Array(35).fill(0.2));
  const ramp = preprocess({ width: 2, height: 1, data: Uint8Array.of(0, 255) }, model({ width: 8, height: 1 }));
  for (let i = 1; i < 8; i++) assert.ok((ramp[i] as number) >= (ramp[i - 1] as number));
});

test("contain keeps the whole image and continues its border, cover crops", () => {
  const wide = { width: 4, height: 2, data: Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 255) };
  close(preprocess(wide, model({ width: 4, height: 4, resize: "contain" })), new Array(16).fill(1));
  const halves = { width: 4, height: 2, data: Uint8Array.of(0, 255, 255, 0, 0, 255, 255, 0) };
  close(preprocess(halves, model({ resize: "cover" })), [1, 1, 1, 1]);
});

test("an image whose bytes do not fit its size is refused with both numbers", () => {
  assert.throws(() => preprocess({ width: 3, height: 3, data: new Uint8Array(10) }, model({})), /3x3 but holds 10 bytes/);
  assert.throws(() => preprocess({ width: 0, height: 0, data: new Uint8Array(0) }, model({})), RunError);
  assert.throws(() => preprocess({ width: 1, height: 1, data: new Uint8Array(1) }, { metadata: {}, inputs: [] }), /--preprocess/);
});

test("a horizontal line is drawn through the middle with the width of the pen", () => {
  const { data, width } = rasterize([
    [
      [10, 110],
      [50, 50],
    ],
  ]);
  assert.equal(width, 28);
  const column = Array.from({ length: 28 }, (_, y) => 255 - (data[y * 28 + 14] as number));
  assert.equal(column[13], column[14]);
  const thickness = column.reduce((a, b) => a + b, 0) / 255;
  assert.ok(Math.abs(thickness - (16 * 28) / 288) <= 1 / 8, `thickness ${thickness}`);
  assert.equal(column[5], 0);
});

test("a single point is a dot, and any scale draws the same picture", () => {
  const dot = rasterize([[[5], [5]]]);
  assert.ok(dot.data.some((value) => value < 200) && dot.data.some((value) => value === 255));
  const small = rasterize([
    [
      [0, 1, 2],
      [0, 2, 0],
    ],
  ]);
  const large = rasterize([
    [
      [0, 1000, 2000],
      [0, 2000, 0],
    ],
  ]);
  assert.deepEqual(small.data, large.data);
});

test("drawings that cannot be drawn are refused", () => {
  for (const strokes of [[], [[[], []]], [[[1, 2], [1]]], [[[Number.NaN], [1]]]] as [number[], number[]][][]) {
    assert.throws(() => rasterize(strokes), RunError);
  }
});
