import { unpack_b1f32 } from "./b1f32";
import { UnpackParams } from "./params";

function run(channels: u32, pixels: u32, words: StaticArray<u32>): StaticArray<f32> {
  const output = new StaticArray<f32>(channels * pixels);
  const params = new StaticArray<u32>(5);
  const p = changetype<UnpackParams>(params);
  p.inputPtr = changetype<u32>(words);
  p.outputPtr = changetype<u32>(output);
  p.batch = 1;
  p.channels = channels;
  p.pixels = pixels;
  unpack_b1f32(changetype<usize>(params), 0, 1);
  return output;
}

describe("unpack_b1f32", () => {
  it("reads channels of one pixel from the lowest bit", () => {
    const y = run(34, 1, [0b100101, 0b10]);
    expect(y[0]).toBe(-1);
    expect(y[1]).toBe(1);
    expect(y[2]).toBe(-1);
    expect(y[5]).toBe(-1);
    expect(y[32]).toBe(1);
    expect(y[33]).toBe(-1);
  });

  it("turns words into planes, four pixels and a tail", () => {
    const y = run(2, 5, [0, 1, 2, 3, 1]);
    const expected: StaticArray<f32> = [1, -1, 1, -1, -1, 1, 1, -1, -1, 1];
    for (let i = 0; i < 10; i++) expect(y[i]).toBe(expected[i]);
  });
});
