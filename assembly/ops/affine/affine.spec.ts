import { affine_f32 } from "./f32";
import { AffineParams } from "./params";

function run(batch: u32, channels: u32, pixels: u32, values: StaticArray<f32>, scale: StaticArray<f32>, bias: StaticArray<f32>): StaticArray<f32> {
  const output = new StaticArray<f32>(values.length);
  const params = new StaticArray<u32>(7);
  const p = changetype<AffineParams>(params);
  p.inputPtr = changetype<u32>(values);
  p.outputPtr = changetype<u32>(output);
  p.scalePtr = changetype<u32>(scale);
  p.biasPtr = changetype<u32>(bias);
  p.batch = batch;
  p.channels = channels;
  p.pixels = pixels;
  affine_f32(changetype<usize>(params), 0, 1);
  return output;
}

describe("affine_f32", () => {
  it("scales each plane by its channel, vector and tail", () => {
    const y = run(1, 2, 5, [1, 2, 3, 4, 5, 1, 2, 3, 4, 5], [2, -1], [1, 10]);
    const expected: StaticArray<f32> = [3, 5, 7, 9, 11, 9, 8, 7, 6, 5];
    for (let i = 0; i < 10; i++) expect(y[i]).toBe(expected[i]);
  });

  it("runs along the channels when there is one pixel", () => {
    const y = run(2, 5, 1, [1, 1, 1, 1, 1, 2, 2, 2, 2, 2], [1, 2, 3, 4, 5], [0, 0, 0, 0, 1]);
    const expected: StaticArray<f32> = [1, 2, 3, 4, 6, 2, 4, 6, 8, 11];
    for (let i = 0; i < 10; i++) expect(y[i]).toBe(expected[i]);
  });
});
