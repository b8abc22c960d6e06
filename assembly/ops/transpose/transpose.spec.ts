import { moveCase } from "../../moves/move-case";
import { MoveParams } from "../../moves/params";
import { transpose_b1 } from "./b1";
import { transpose_x32 } from "./x32";

describe("transpose", () => {
  it("swaps two axes of words", () => {
    const values: StaticArray<u32> = [1, 2, 3, 4, 5, 6];
    const views: StaticArray<u32> = [3, 2, 1, 3, 6, 1]; // 2 x 3 read column by column
    const output = new StaticArray<u32>(6);
    const params = moveCase(values, output, views, 6, 2, 1);
    transpose_x32(changetype<usize>(params));
    const expected: StaticArray<u32> = [1, 4, 2, 5, 3, 6];
    for (let i = 0; i < 6; i++) expect(output[i]).toBe(expected[i]);
  });

  it("swaps batch and channels of bits", () => {
    const words: StaticArray<u32> = [0b01, 0b11, 0b10]; // 3 images of 2 channels
    const views: StaticArray<u32> = [2, 3, 1, 32, 2, 3, 32, 1];
    const output: StaticArray<u32> = [0xa5a5a5a5, 0xa5a5a5a5];
    const params = moveCase(words, output, views, 6, 2, 2);
    const p = changetype<MoveParams>(params);
    p.fillWords = 2;
    p.fillRunWords = 1;
    transpose_b1(changetype<usize>(params));
    expect(output[0]).toBe(0b011);
    expect(output[1]).toBe(0b110);
  });
});
