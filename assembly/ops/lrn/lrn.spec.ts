import { lrn_f32 } from "./f32";
import { LrnParams } from "./params";

function run(beta: f32, values: StaticArray<f32>, channels: u32): StaticArray<f32> {
  const output = new StaticArray<f32>(values.length);
  const params = new StaticArray<u32>(10);
  const p = changetype<LrnParams>(params);
  p.inputPtr = changetype<u32>(values);
  p.outputPtr = changetype<u32>(output);
  p.batch = 1;
  p.channels = channels;
  p.pixels = values.length / channels;
  p.channelsAtOnce = 2;
  p.share = 1;
  p.beta = beta;
  p.bias = 0;
  lrn_f32(changetype<usize>(params), 0, 1);
  return output;
}

describe("lrn_f32", () => {
  it("divides by the power of the squares within reach, vector and tail", () => {
    // Sums of squares: 16 in channel 0 (0 and 4), 16 in channel 1 (nothing above): 16 ^ 0.75 = 8.
    const y = run(0.75, [0, 0, 0, 0, 0, 4, 4, 4, 4, 4], 2);
    for (let i = 0; i < 5; i++) {
      expect(y[i]).toBe(0);
      expect(y[5 + i]).toBe(0.5);
    }
  });

  it("knows other powers", () => {
    const y = run(0.5, [3, 4], 2);
    expect(y[0]).toBeCloseTo(0.6, 5);
    expect(y[1]).toBeCloseTo(1, 5);
  });
});
