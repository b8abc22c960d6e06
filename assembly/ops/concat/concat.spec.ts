import { concat_b1 } from "./b1";
import { ConcatParams } from "./params";
import { concat_x32 } from "./x32";

describe("concat", () => {
  it("joins rows of words", () => {
    const a: StaticArray<u32> = [1, 2, 3, 4];
    const b: StaticArray<u32> = [9, 8];
    const runs: StaticArray<u32> = [2, 2, 1, 1];
    const output = new StaticArray<u32>(6);
    const params = new StaticArray<u32>(21);
    const p = changetype<ConcatParams>(params);
    p.outputPtr = changetype<u32>(output);
    p.runsPtr = changetype<u32>(runs);
    p.inputs = p.rows = 2;
    p.outputRowElems = 3;
    p.input0Ptr = changetype<u32>(a);
    p.input1Ptr = changetype<u32>(b);
    concat_x32(changetype<usize>(params));
    const expected: StaticArray<u32> = [1, 2, 9, 3, 4, 8];
    for (let i = 0; i < 6; i++) expect(output[i]).toBe(expected[i]);
  });

  it("joins runs of bits across a word, leaving unused bits 0", () => {
    const a: StaticArray<u32> = [0x3fffffff, 0];
    const b: StaticArray<u32> = [0b10101, 0b11111];
    const runs: StaticArray<u32> = [30, 32, 5, 32];
    const output: StaticArray<u32> = [0xa5a5a5a5, 0xa5a5a5a5, 0xa5a5a5a5, 0xa5a5a5a5];
    const params = new StaticArray<u32>(21);
    const p = changetype<ConcatParams>(params);
    p.outputPtr = changetype<u32>(output);
    p.runsPtr = changetype<u32>(runs);
    p.inputs = p.rows = 2;
    p.outputRowElems = 64;
    p.input0Ptr = changetype<u32>(a);
    p.input1Ptr = changetype<u32>(b);
    concat_b1(changetype<usize>(params));
    const expected: StaticArray<u32> = [0x7fffffff, 0b101, 0xc0000000, 0b111];
    for (let i = 0; i < 4; i++) expect(output[i]).toBe(expected[i]);
  });
});
