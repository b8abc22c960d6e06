import { xnorscale_f32 } from "./f32";
import { XnorscaleParams } from "./params";

describe("xnorscale_f32", () => {
  it("averages magnitudes over channels and the window, zeros of the padding included", () => {
    const values: StaticArray<f32> = [3, -3, 3, -3, 3, -1, 1, -1, 1, -1];
    const output = new StaticArray<f32>(5);
    const plane = new StaticArray<f32>(5);
    const params = new StaticArray<u32>(17);
    const p = changetype<XnorscaleParams>(params);
    p.inputPtr = changetype<u32>(values);
    p.outputPtr = changetype<u32>(output);
    p.planes = p.inHeight = p.outHeight = p.kernelH = 1;
    p.inWidth = p.outWidth = 5;
    p.kernelW = 4;
    p.strideH = p.strideW = p.dilationH = p.dilationW = p.padLeft = 1;
    p.channels = 2;
    p.planePtr = changetype<u32>(plane);
    xnorscale_f32(changetype<usize>(params));
    const expected: StaticArray<f32> = [1.5, 2, 2, 1.5, 1];
    for (let i = 0; i < 5; i++) expect(output[i]).toBe(expected[i]);
  });
});
