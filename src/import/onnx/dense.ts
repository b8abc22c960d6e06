// Matrix products with constant weights, shared by Gemm and MatMul.
import type { Context } from "./context.ts";

/** weights[o, i] = scale * matrix[i, o], or matrix[o, i] when it lies transposed. */
export function outputsFirst(matrix: ArrayLike<number>, ins: number, outs: number, isTransposed: boolean, scale: number): Float32Array {
  const weights = new Float32Array(ins * outs);
  for (let o = 0; o < outs; o++) {
    for (let i = 0; i < ins; i++) weights[o * ins + i] = scale * (matrix[isTransposed ? o * ins + i : i * outs + o] as number);
  }
  return weights;
}

/** Add a dense node with real weights `OI`. */
export function dense(
  context: Context,
  name: string,
  input: number,
  weights: Float32Array,
  bias: Float32Array | undefined,
  inFeatures: number,
): number {
  const attrs = { inputKind: "float", inputScale: 1, inputZeroPoint: 0, weights: { kind: "float", data: weights, bias } } as const;
  return context.draft.add(name, "dense", { ...attrs, inFeatures, outFeatures: weights.length / inFeatures }, [input]);
}
