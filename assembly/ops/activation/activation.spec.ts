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
});
