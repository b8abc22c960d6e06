import { moveCase } from "../../moves/move-case";
import { MoveParams } from "../../moves/params";
import { pad_b1 } from "./b1";
import { pad_x32 } from "./x32";

describe("pad", () => {
  it("surrounds a row with the fill", () => {
    const values: StaticArray<u32> = [1, 2];
    const views: StaticArray<u32> = [2, 1, 2, 1];
    const output = new StaticArray<u32>(5);
    const params = moveCase(values, output, views, 2, 1, 1);
    const p = changetype<MoveParams>(params);
    p.outputStart = 2;
    p.fillWords = p.fillRunWords = 5;
    p.fillWord = p.fillTailWord = 7;
    pad_x32(changetype<usize>(params));
    const expected: StaticArray<u32> = [7, 7, 1, 2, 7];
    for (let i = 0; i < 5; i++) expect(output[i]).toBe(expected[i]);
  });

  it("fills channels with -1, but not the unused bits", () => {
    // 3 channels become 1 + 3 + 30 = 34: two words, of the second only two bits are used.
    const words: StaticArray<u32> = [0b010];
    const views: StaticArray<u32> = [3, 1, 3, 1];
    const output = new StaticArray<u32>(2);
    const params = moveCase(words, output, views, 3, 1, 1);
    const p = changetype<MoveParams>(params);
    p.outputStart = 1;
    p.fillWords = p.fillRunWords = 2;
    p.fillWord = 0xffffffff;
    p.fillTailWord = 0b11;
    pad_b1(changetype<usize>(params));
    expect(output[0]).toBe(0xfffffff5);
    expect(output[1]).toBe(0b11);
  });
});
