import { globalpool_f32_average } from "./average-f32";
import { globalpool_f32_max } from "./max-f32";
import { GlobalpoolParams } from "./params";

const PIXELS: u32 = 23; // 16 + 4 + 3: every loop of the kernels

function run(isMax: bool): StaticArray<f32> {
  const values = new StaticArray<f32>(2 * PIXELS);
  for (let i: u32 = 0; i < 2 * PIXELS; i++) values[i] = i < PIXELS ? f32(i) - 30 : 2;
  const output = new StaticArray<f32>(2);
  const params = new StaticArray<u32>(4);
  const p = changetype<GlobalpoolParams>(params);
  p.inputPtr = changetype<u32>(values);
  p.outputPtr = changetype<u32>(output);
  p.planes = 2;
  p.pixels = PIXELS;
  if (isMax) globalpool_f32_max(changetype<usize>(params), 0, 1);
  else globalpool_f32_average(changetype<usize>(params), 0, 1);
  return output;
}

describe("globalpool", () => {
  it("averages each plane", () => {
    const y = run(false);
    expect(y[0]).toBe(-19);
    expect(y[1]).toBe(2);
  });

  it("finds the maximum of a negative plane", () => {
    const y = run(true);
    expect(y[0]).toBe(-8);
    expect(y[1]).toBe(2);
  });
});
