import { moveCase } from "../../moves/move-case";
import { MoveParams } from "../../moves/params";
import { reshape_b1 } from "./b1";

describe("reshape_b1", () => {
  it("flattens channels-last bits in row-major NCHW order", () => {
    // 3 channels of 2 pixels: pixel 0 holds channels 0, 0, 1 and pixel 1 holds 1, 0, 1.
    const words: StaticArray<u32> = [0b100, 0b101];
    const views: StaticArray<u32> = [3, 2, 1, 32, 6, 1];
    const output: StaticArray<u32> = [0xa5a5a5a5];
    const params = moveCase(words, output, views, 6, 2, 1);
    const p = changetype<MoveParams>(params);
    p.fillWords = p.fillRunWords = 1;
    reshape_b1(changetype<usize>(params));
    // Channel 0 of both pixels, then channel 1, then channel 2; the first is the lowest bit.
    expect(output[0]).toBe(0b110010);
  });
});
