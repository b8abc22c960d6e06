import { elementwise_f32_add } from "./add-f32";
import { elementwise_f32_div } from "./div-f32";
import { elementwise_f32_max } from "./max-f32";
import { elementwise_f32_mul } from "./mul-f32";
import { ElementwiseParams } from "./params";
import { elementwise_f32_pow } from "./pow-f32";

function run(kind: string, a: StaticArray<f32>, b: StaticArray<f32>, views: StaticArray<u32>, elems: u32): StaticArray<f32> {
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
  const block = changetype<usize>(params);
  if (kind == "mul") elementwise_f32_mul(block, 0, 1);
  else if (kind == "max") elementwise_f32_max(block, 0, 1);
  else if (kind == "div") elementwise_f32_div(block, 0, 1);
  else if (kind == "pow") elementwise_f32_pow(block, 0, 1);
  else elementwise_f32_add(block, 0, 1);
  return output;
}

describe("elementwise", () => {
  it("adds equal shapes, vector and tail", () => {
    const y = run("add", [1, 2, 3, 4, 5], [10, 20, 30, 40, 50], [5, 1, 1], 5);
    for (let i = 0; i < 5; i++) expect(y[i]).toBe((f32(i) + 1) * 11);
  });

  it("repeats one factor per row, whichever side it is on", () => {
    const x: StaticArray<f32> = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    const rows: StaticArray<f32> = [2, -1];
    const left = run("mul", x, rows, [2, 5, 5, 1, 1, 0], 10);
    const right = run("mul", rows, x, [2, 5, 1, 0, 5, 1], 10);
    for (let i = 0; i < 10; i++) {
      expect(left[i]).toBe(x[i] * rows[i / 5]);
      expect(right[i]).toBe(left[i]);
    }
  });

  it("repeats a row, carrying over two outer axes", () => {
    const y = run("add", [0, 10, 20, 30], [1, 2], [2, 2, 2, 2, 1, 0, 0, 0, 1], 8);
    const expected: StaticArray<f32> = [1, 2, 11, 12, 21, 22, 31, 32];
    for (let i = 0; i < 8; i++) expect(y[i]).toBe(expected[i]);
  });

  it("does not swap what does not commute, whichever side stands still", () => {
    const x: StaticArray<f32> = [1, 2, 4, 8, 16];
    const one: StaticArray<f32> = [2];
    const below = run("div", x, one, [5, 1, 0], 5);
    const above = run("div", one, x, [5, 0, 1], 5);
    const squares = run("pow", x, one, [5, 1, 0], 5);
    const powers = run("pow", one, x, [5, 0, 1], 5);
    const larger = run("max", one, x, [5, 0, 1], 5);
    for (let i = 0; i < 5; i++) {
      expect(below[i]).toBe(x[i] / 2);
      expect(above[i]).toBe(2 / x[i]);
      expect(squares[i]).toBe(x[i] * x[i]);
      expect(powers[i]).toBe(f32(1 << i32(x[i])));
      expect(larger[i]).toBe(max<f32>(x[i], 2));
    }
  });
});
