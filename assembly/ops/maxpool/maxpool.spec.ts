import { maxpool_b1 } from "./b1";
import { maxpool_f32 } from "./f32";
import { MaxpoolParams } from "./params";

/** A 3x3 window, stride 1, padding 1: input and output have the same size. */
function fill(p: MaxpoolParams, input: u32, output: u32, height: u32, width: u32): void {
  p.inputPtr = input;
  p.outputPtr = output;
  p.planes = 1;
  p.inHeight = p.outHeight = height;
  p.inWidth = p.outWidth = width;
  p.kernelH = p.kernelW = 3;
  p.strideH = p.strideW = p.dilationH = p.dilationW = p.padTop = p.padLeft = 1;
}

describe("maxpool", () => {
  it("lets no padding win over negative values, in vectors and at the edges", () => {
    const values: StaticArray<f32> = [-9, -8, -7, -6, -5, -4, -3];
    const output = new StaticArray<f32>(7);
    const params = new StaticArray<u32>(19);
    const p = changetype<MaxpoolParams>(params);
    fill(p, changetype<u32>(values), changetype<u32>(output), 1, 7);
    p.threadPtr = heap.alloc(80) as u32;
    p.threadBytes = 80;
    maxpool_f32(changetype<usize>(params), 0, 1);
    const expected: StaticArray<f32> = [-8, -7, -6, -5, -4, -3, -3];
    for (let i = 0; i < 7; i++) expect(output[i]).toBe(expected[i]);
  });

  it("takes the first zero, down each column, then across, and no NaN", () => {
    // Of the middle window the first is +0 in the middle row; row by row it would be -0.
    const values: StaticArray<f32> = [-1, -0.0, -1, 0, -1, -1, NaN, -2, NaN];
    const output = new StaticArray<f32>(9);
    const params = new StaticArray<u32>(19);
    const p = changetype<MaxpoolParams>(params);
    fill(p, changetype<u32>(values), changetype<u32>(output), 3, 3);
    p.threadPtr = heap.alloc(64) as u32;
    p.threadBytes = 64;
    maxpool_f32(changetype<usize>(params), 0, 1);
    expect(reinterpret<u32>(output[4])).toBe(0);
    expect(output[8]).toBe(-1);
  });

  it("takes the AND of bits, and the OR where the mask says so", () => {
    // 5 words a pixel: one vector and one single word.
    const bits: StaticArray<u32> = [7, 7, 7, 7, 7, 3, 3, 3, 3, 3, 1, 1, 1, 1, 5];
    const mask: StaticArray<u32> = [0, 0, 0, 0xffffffff, 4];
    const output = new StaticArray<u32>(15);
    const params = new StaticArray<u32>(19);
    const p = changetype<MaxpoolParams>(params);
    fill(p, changetype<u32>(bits), changetype<u32>(output), 1, 3);
    p.channelWords = 5;
    p.minMaskPtr = changetype<u32>(mask);
    maxpool_b1(changetype<usize>(params), 0, 1);
    const expected: StaticArray<u32> = [3, 3, 3, 7, 7, 1, 1, 1, 7, 5, 1, 1, 1, 3, 5];
    for (let i = 0; i < 15; i++) expect(output[i]).toBe(expected[i]);
  });
});
