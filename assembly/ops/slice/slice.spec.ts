import { moveCase } from "../../moves/move-case";
import { MoveParams } from "../../moves/params";
import { slice_b1 } from "./b1";
import { slice_x32 } from "./x32";

describe("slice", () => {
  it("takes every second element of some rows", () => {
    const values: StaticArray<u32> = [0, 1, 2, 3, 4, 10, 11, 12, 13, 14, 20, 21, 22, 23, 24];
    const views: StaticArray<u32> = [2, 2, 5, 2, 4, 1]; // input: dimensions 2 x 2, strides 5 and 2; output: 4 in a row
    const output = new StaticArray<u32>(4);
    const params = moveCase(values, output, views, 4, 2, 1);
    const p = changetype<MoveParams>(params);
    p.inputStart = 6;
    slice_x32(changetype<usize>(params));
    const expected: StaticArray<u32> = [11, 13, 21, 23];
    for (let i = 0; i < 4; i++) expect(output[i]).toBe(expected[i]);
  });

  it("takes channels from the middle of words, leaving unused bits 0", () => {
    const words: StaticArray<u32> = [0xf0000000, 0b1, 0x50000000, 0b0];
    const views: StaticArray<u32> = [2, 5, 64, 1, 2, 5, 32, 1];
    const output: StaticArray<u32> = [0xa5a5a5a5, 0xa5a5a5a5];
    const params = moveCase(words, output, views, 10, 2, 2);
    const p = changetype<MoveParams>(params);
    p.inputStart = 28;
    p.fillWords = 2;
    p.fillRunWords = 1;
    slice_b1(changetype<usize>(params));
    expect(output[0]).toBe(0b11111);
    expect(output[1]).toBe(0b00101);
  });
});
