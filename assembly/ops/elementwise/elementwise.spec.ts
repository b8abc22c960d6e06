import { elementwise_f32_add } from "./add-f32";
import { elementwise_f32_mul } from "./mul-f32";
import { ElementwiseParams } from "./params";

function run(isMul: bool, a: StaticArray<f32>, b: StaticArray<f32>, views: StaticArray<u32>, elems: u32): StaticArray<f32> {
  const output = new StaticArray<f32>(elems);
  const counters = new StaticArray<u32>(8);
  const params = new StaticArray<u32>(7);
  const p = changetype<ElementwiseParams>(params);
  p.aPtr = changetype<u32>(a);
  p.bPtr = changetype<u32>(b);
  p.outputPtr = changetype<u32>(output);
  p.viewsPtr = changetype<u32>(views);
  p.countersPtr = changetype<u32>(counters);
  p.rank = views.length / 3;
  p.elems = elems;
  if (isMul) elementwise_f32_mul(changetype<usize>(params), 0, 1);
  else elementwise_f32_add(changetype<usize>(params), 0, 1);
  return output;
}

describe("elementwise", () => {
  it("adds equal shapes, vector and tail", () => {
    const y = run(false, [1, 2, 3, 4, 5], [10, 20, 30, 40, 50], [5, 1, 1], 5);
    for (let i = 0; i < 5; i++) expect(y[i]).toBe((f32(i) + 1) * 11);
  });

  it("repeats one factor per row, whichever side it is on", () => {
    const x: StaticArray<f32> = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    const rows: StaticArray<f32> = [2, -1];
    const left = run(true, x, rows, [2, 5, 5, 1, 1, 0], 10);
    const right = run(true, rows, x, [2, 5, 1, 0, 5, 1], 10);
    for (let i = 0; i < 10; i++) {
      expect(left[i]).toBe(x[i] * rows[i / 5]);
      expect(right[i]).toBe(left[i]);
    }
  });

  it("repeats a row, carrying over two outer axes", () => {
    const y = run(false, [0, 10, 20, 30], [1, 2], [2, 2, 2, 2, 1, 0, 0, 0, 1], 8);
    const expected: StaticArray<f32> = [1, 2, 11, 12, 21, 22, 31, 32];
    for (let i = 0; i < 8; i++) expect(y[i]).toBe(expected[i]);
  });
});
