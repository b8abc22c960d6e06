// Joins values along one axis.
import { countElements, type Shape } from "../graph/graph.ts";
import { inStorageOrder, type Unit, viewOf } from "./move.ts";
import type { Op, Type } from "./op.ts";
import { demand, requireAxis, requireInput, spell } from "./require.ts";

/** Pointers in the parameter block. Arbitrary; more inputs can be joined in several nodes. */
const MAX_INPUTS = 16;

export const concat: Op<"concat"> = {
  infer({ axis }, inputs) {
    const first = requireInput(inputs);
    const { type, shape } = first;
    requireAxis(axis, first);
    demand(inputs.length <= MAX_INPUTS, "unsupported", `joins ${inputs.length} inputs but ${MAX_INPUTS} is the most`);
    /** The shape but for the axis that may differ. */
    const frame = (dims: Shape) => spell(dims.map((dim, i) => (i === axis ? 0 : dim)));
    let length = 0;
    inputs.forEach((_, index) => {
      const { shape: other } = requireInput(inputs, index, type);
      const found = `input ${index} is ${spell(other)} but input 0 is ${spell(shape)}`;
      demand(frame(other) === frame(shape), "shape", `${found}; they must differ along axis ${axis} only`);
      length += other[axis] as number;
    });
    return { type, shape: shape.map((dim, i) => (i === axis ? length : dim)) };
  },

  prepare({ axis }, { inputs, output }) {
    const order = inStorageOrder([...output.shape.keys()], output);
    const outerAxes = order.indexOf(axis);
    const seamsAreAligned = inputs.slice(0, -1).every(({ shape }) => (shape[1] as number) % 32 === 0);
    const unit: Unit = output.type === "f32" || axis !== 1 || seamsAreAligned ? "x32" : "b1";
    const storageDims = (value: Type) => inStorageOrder(viewOf(value, unit).axes, value).map(([dim]) => dim);
    const runOf = (value: Type) => countElements(storageDims(value).slice(outerAxes));
    const pitchOf = (value: Type) => (unit === "x32" ? runOf(value) : Math.ceil(runOf(value) / 32) * 32);
    const pointers = Array.from({ length: MAX_INPUTS }, (_, input) => [`input${input}Ptr`, input < inputs.length ? { input } : 0] as const);
    return {
      kernel: `concat_${unit}`,
      params: {
        outputPtr: { output: 0 },
        runsPtr: { table: 0 },
        inputs: inputs.length,
        rows: countElements(storageDims(output).slice(0, outerAxes)),
        outputRowElems: pitchOf(output),
        ...Object.fromEntries(pointers),
      },
      tables: [Uint32Array.from(inputs.flatMap((input) => [runOf(input), pitchOf(input)]))],
    };
  },
};
