import { softmax_f32 } from "./f32";
import { SoftmaxParams } from "./params";

function run(values: StaticArray<f32>, axis: u32, inner: u32, log: u32): void {
  const params = new StaticArray<u32>(6);
  const p = changetype<SoftmaxParams>(params);
  p.inputPtr = p.outputPtr = changetype<u32>(values);
  p.outerElems = values.length / (axis * inner);
  p.axisElems = axis;
  p.innerElems = inner;
  p.log = log;
  softmax_f32(changetype<usize>(params));
}

describe("softmax_f32", () => {
  it("does not overflow, and works in place", () => {
    const values: StaticArray<f32> = [1000, 1000, -1000];
    run(values, 3, 1, 0);
    expect(values[0]).toBe(0.5);
    expect(values[1]).toBe(0.5);
    expect(values[2]).toBe(0);
  });

  it("normalises along an inner axis", () => {
    const values: StaticArray<f32> = [0, 5, 0, 5];
    run(values, 2, 2, 0);
    for (let i = 0; i < 4; i++) expect(values[i]).toBe(0.5);
  });

  it("keeps what softmax would round to 0 in the logarithm", () => {
    const values: StaticArray<f32> = [0, -500];
    run(values, 2, 1, 1);
    expect(values[0]).toBe(0);
    expect(values[1]).toBe(-500);
  });
});
