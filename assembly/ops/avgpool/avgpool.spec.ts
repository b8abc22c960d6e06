import { avgpool_f32 } from "./f32";
import { AvgpoolParams } from "./params";

/** Windows of 1 x 2, stride 2, one padded pixel on the left, over 6 pixels. */
function run(counted: u32): StaticArray<f32> {
  const values: StaticArray<f32> = [1, 2, 3, 4, 5, 6];
  const output = new StaticArray<f32>(4);
  const params = new StaticArray<u32>(19);
  const p = changetype<AvgpoolParams>(params);
  p.inputPtr = changetype<u32>(values);
  p.outputPtr = changetype<u32>(output);
  p.planes = p.inHeight = p.outHeight = p.kernelH = p.strideH = p.dilationH = p.dilationW = p.padLeft = 1;
  p.inWidth = 6;
  p.outWidth = 4;
  p.kernelW = p.strideW = 2;
  p.countLeft = counted;
  avgpool_f32(changetype<usize>(params), 0, 1);
  return output;
}

describe("avgpool_f32", () => {
  it("divides by the pixels that exist; what ceil mode adds never counts", () => {
    const y = run(0);
    const expected: StaticArray<f32> = [1, 2.5, 4.5, 6];
    for (let i = 0; i < 4; i++) expect(y[i]).toBe(expected[i]);
  });

  it("counts padded pixels when asked to", () => {
    const y = run(1);
    expect(y[0]).toBe(0.5);
    expect(y[3]).toBe(6);
  });

  it("halves planes, five columns of an odd line by two overlapping vectors", () => {
    const values = new StaticArray<f32>(5 * 11 + 16);
    for (let i = 0; i < 55; i++) values[i] = i as f32;
    const output = new StaticArray<f32>(10);
    const params = new StaticArray<u32>(19);
    const p = changetype<AvgpoolParams>(params);
    p.inputPtr = changetype<u32>(values);
    p.outputPtr = changetype<u32>(output);
    p.planes = p.dilationH = p.dilationW = 1;
    p.inHeight = p.outWidth = 5;
    p.inWidth = 11;
    p.outHeight = p.kernelH = p.kernelW = p.strideH = p.strideW = 2;
    avgpool_f32(changetype<usize>(params), 0, 1);
    const expected: StaticArray<f32> = [6, 8, 10, 12, 14, 28, 30, 32, 34, 36];
    for (let i = 0; i < 10; i++) expect(output[i]).toBe(expected[i]);
  });
});
