// Sum, product, maximum, quotient and power of two values, with NumPy broadcasting.
import { countElements, type Shape } from "../graph/graph.ts";
import { type Axis, collapse, listAxes, viewOf } from "./move.ts";
import type { Op } from "./op.ts";
import { demand, requireInput, spell } from "./require.ts";

export const elementwise: Op<"elementwise"> = {
  infer({ kind }, inputs) {
    const [a, b] = [requireInput(inputs, 0, "f32").shape, requireInput(inputs, 1, "f32").shape];
    const right = extend(b, a.length);
    const shape = extend(a, b.length).map((dim, axis) => {
      const other = right[axis] as number;
      const fits = dim === other || dim === 1 || other === 1;
      demand(fits, "shape", `has to ${kind} ${spell(a)} and ${spell(b)}; dimensions must be equal or 1`);
      return dim === 1 ? other : dim;
    });
    return { type: "f32", shape };
  },

  prepare({ kind }, { inputs, output: { shape } }) {
    const [a, b] = inputs.map((input) => broadcastStrides(input.shape, shape)) as [number[], number[]];
    // The first axis is for scalars, which have none.
    const axes = collapse([[1, 0, 0], ...shape.map((dim, axis): Axis => [dim, a[axis] as number, b[axis] as number])]);
    return {
      kernel: `elementwise_f32_${kind}`,
      params: {
        aPtr: { input: 0 },
        bPtr: { input: 1 },
        outputPtr: { output: 0 },
        viewsPtr: { table: 0 },
        countersPtr: { scratch: 0 },
        rank: axes.length,
        elems: countElements(shape),
      },
      tables: [Uint32Array.from(listAxes(axes))],
      threadBytes: 4 * axes.length,
      canWriteInPlace: spell(inputs[0].shape) === spell(shape),
    };
  },
};

/** Put axes of length 1 before a shape that has fewer than `rank`. */
function extend(shape: Shape, rank: number): number[] {
  return [...new Array<number>(Math.max(0, rank - shape.length)).fill(1), ...shape];
}

/** Distances between neighbours along the output's axes; 0 where the operand is repeated. */
function broadcastStrides(operand: Shape, output: Shape): number[] {
  const shape = extend(operand, output.length);
  return viewOf({ type: "f32", shape }, "x32").axes.map(([dim, stride = 0]) => (dim === 1 ? 0 : stride));
}
