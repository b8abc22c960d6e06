import { activation_f32 } from "./f32";
import { ActivationParams } from "./params";

function run(kind: u32, alpha: f32, beta: f32, values: StaticArray<f32>): StaticArray<f32> {
  const output = new StaticArray<f32>(values.length);
  const params = new StaticArray<u32>(6);
  const p = changetype<ActivationParams>(params);
  p.inputPtr = changetype<u32>(values);
  p.outputPtr = changetype<u32>(output);
  p.elems = values.length;
  p.kind = kind;
  p.alpha = alpha;
  p.beta = beta;
  activation_f32(changetype<usize>(params), 0, 1);
  return output;
}

describe("activation_f32", () => {
  it("clips in the vector part and in the tail", () => {
    const y = run(1, -1, 2, [-5, -1, 0, 1, 5, -9, 9]);
    const expected: StaticArray<f32> = [-1, -1, 0, 1, 2, -1, 2];
    for (let i = 0; i < 7; i++) expect(y[i]).toBe(expected[i]);
  });

  it("saturates sigmoid and tanh instead of overflowing", () => {
    expect(run(3, 0, 0, [-1000])[0]).toBe(0);
    expect(run(3, 0, 0, [1000])[0]).toBe(1);
    expect(run(4, 0, 0, [1000])[0]).toBe(1);
  });

  it("knows e^x, log, square root, erf and floor at values that are known", () => {
    const x: StaticArray<f32> = [0.25, 1, 2.5, 4, 9];
    const roots = run(9, 0, 0, x);
    const floors = run(11, 0, 0, [-1.5, -1, -0.5, 0.5, 7]);
    const expected: StaticArray<f32> = [-2, -1, -1, 0, 7];
    for (let i = 0; i < 5; i++) {
      expect(abs(roots[i] * roots[i] - x[i])).toBeLessThan(1e-5);
      expect(floors[i]).toBe(expected[i]);
      expect(abs(run(8, 0, 0, run(7, 0, 0, [x[i]]))[0] - x[i])).toBeLessThan(1e-5);
    }
    const erf = run(10, 0, 0, [0, 0.4, 0.6, 1, -1, 3]);
    const values: StaticArray<f64> = [0, 0.4283923550466685, 0.6038560908479259, 0.8427007929497149, -0.8427007929497149, 0.9999779095030014];
    for (let i = 0; i < 6; i++) expect(abs(f64(erf[i]) - values[i])).toBeLessThan(3e-7);
  });
});
