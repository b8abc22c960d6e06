import { PreluParams } from "./params";
import { prelu_f32 } from "./f32";

function run(pixels: u32, values: StaticArray<f32>, slope: StaticArray<f32>, shiftIn: u32, shiftOut: u32): StaticArray<f32> {
  const output = new StaticArray<f32>(values.length);
  const params = new StaticArray<u32>(8);
  const p = changetype<PreluParams>(params);
  p.inputPtr = changetype<u32>(values);
  p.outputPtr = changetype<u32>(output);
  p.slopePtr = changetype<u32>(slope);
  p.shiftInPtr = shiftIn;
  p.shiftOutPtr = shiftOut;
  p.batch = 1;
  p.channels = slope.length;
  p.pixels = pixels;
  prelu_f32(changetype<usize>(params), 0, 1);
  return output;
}

describe("prelu_f32", () => {
  it("bends negatives only, vector and tail", () => {
    const y = run(5, [-4, -1, 0, 1, -8], [0.25], 0, 0);
    const expected: StaticArray<f32> = [-1, -0.25, 0, 1, -2];
    for (let i = 0; i < 5; i++) expect(y[i]).toBe(expected[i]);
  });

  it("shifts before and after", () => {
    const shiftIn: StaticArray<f32> = [1, -1];
    const shiftOut: StaticArray<f32> = [10, 20];
    const y = run(1, [-2, 3], [0.5, 0.5], changetype<u32>(shiftIn), changetype<u32>(shiftOut));
    expect(y[0]).toBe(9.5);
    expect(y[1]).toBe(22);
  });
});
