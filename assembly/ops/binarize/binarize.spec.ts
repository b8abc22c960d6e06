import { binarize_f32b1 } from "./f32b1";
import { BinarizeParams } from "./params";

function run(channels: u32, pixels: u32, values: StaticArray<f32>, thresholds: StaticArray<f32>, flips: u32): StaticArray<u32> {
  const words = (channels + 31) / 32;
  const output = new StaticArray<u32>(words * pixels);
  const params = new StaticArray<u32>(7);
  const p = changetype<BinarizeParams>(params);
  p.inputPtr = changetype<u32>(values);
  p.outputPtr = changetype<u32>(output);
  p.thresholdsPtr = changetype<u32>(thresholds);
  p.flipsPtr = flips;
  p.batch = 1;
  p.channels = channels;
  p.pixels = pixels;
  binarize_f32b1(changetype<usize>(params), 0, 1);
  return output;
}

describe("binarize_f32b1", () => {
  it("gives both zeros and NaN the bit of +1", () => {
    const y = run(6, 1, [0, -0, NaN, 1, -1, -1e-38], new StaticArray<f32>(6), 0);
    expect(y[0]).toBe(0b110000);
  });

  it("counts a value on its threshold as above, unless flipped", () => {
    const flips: StaticArray<u32> = [0xfffffffc];
    const y = run(4, 1, [2, 1, 2, 1], [2, 2, 2, 2], changetype<u32>(flips));
    expect(y[0]).toBe(0b0110);
  });

  it("turns planes into words for 1, 5 and 21 pixels of 33 channels", () => {
    const counts: StaticArray<u32> = [1, 5, 21];
    for (let k = 0; k < counts.length; k++) {
      const pixels = counts[k];
      const values = new StaticArray<f32>(33 * pixels);
      for (let i: u32 = 0; i < 33 * pixels; i++) values[i] = (i * 7) % 5 < 2 ? -1 : 1;
      const y = run(33, pixels, values, new StaticArray<f32>(33), 0);
      for (let pixel: u32 = 0; pixel < pixels; pixel++) {
        let low: u32 = 0;
        for (let c: u32 = 0; c < 32; c++) low |= u32(values[c * pixels + pixel] < 0) << c;
        expect(y[2 * pixel]).toBe(low);
        expect(y[2 * pixel + 1]).toBe(u32(values[32 * pixels + pixel] < 0));
      }
    }
  });
});
