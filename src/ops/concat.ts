import { PlanError } from "../graph/errors.ts";
import { countElements, type NodeOf } from "../graph/graph.ts";
import { permute, requireAxis, requireMovable, storageOrder, type Unit, viewOf } from "./move.ts";
import type { Param, PrepareContext, StepDraft, Type } from "./op.ts";
import { spell } from "./require.ts";

/** Pointers in the parameter block. Arbitrary; more inputs can be joined in several nodes. */
const MAX_INPUTS = 16;

const pointers = Array.from({ length: MAX_INPUTS }, (_, index) => `input${index}Ptr`);

export const block: Readonly<Record<string, "u32">> = {
  outputPtr: "u32",
  runsPtr: "u32",
  inputs: "u32",
  rows: "u32",
  outputRowElems: "u32",
  ...Object.fromEntries(pointers.map((name) => [name, "u32"] as const)),
};

export function stored(): [] {
  return [];
}

export function infer(node: NodeOf<"concat", unknown>, inputs: readonly Type[]): Type[] {
  const { axis } = node.attrs;
  const { type, shape } = requireMovable(node, inputs, 0);
  requireAxis(node, axis, shape);
  if (inputs.length > MAX_INPUTS) {
    throw new PlanError("unsupported", `concat has ${inputs.length} inputs and can join ${MAX_INPUTS}; join them in several nodes`, node.name);
  }
  inputs.forEach((input, index) => {
    if (input.type !== type) {
      const text = `input 0 is ${type} but input ${index} is ${input.type}`;
      throw new PlanError("type", `concat joins values of one type; ${text}; put an unpack node before the bits`, node.name);
    }
    if (input.shape.length !== shape.length || input.shape.some((dim, i) => i !== axis && dim !== shape[i])) {
      const text = `along axis ${axis} joins shapes that agree elsewhere, but input 0 is ${spell(shape)} and input ${index} ${spell(input.shape)}`;
      throw new PlanError("shape", `concat ${text}`, node.name);
    }
  });
  const total = inputs.reduce((sum, input) => sum + (input.shape[axis] as number), 0);
  return [{ type, shape: shape.map((dim, i) => (i === axis ? total : dim)) }];
}

export function prepare({ attrs: { axis } }: NodeOf<"concat">, { inputs, outputs }: PrepareContext): StepDraft {
  const output = outputs[0] as Type;
  const order = storageOrder(output);
  const outerAxes = order.indexOf(axis);
  const seamsAreAligned = inputs.slice(0, -1).every(({ shape }) => (shape[1] as number) % 32 === 0);
  const unit: Unit = output.type === "f32" || axis !== 1 || seamsAreAligned ? "word" : "bit";
  const storageDims = (value: Type) => permute(viewOf(value, unit), order).dims;
  const runOf = (value: Type) => countElements(storageDims(value).slice(outerAxes));
  const pitchOf = (value: Type) => (unit === "word" ? runOf(value) : Math.ceil(runOf(value) / 32) * 32);
  return {
    kernel: unit === "word" ? "concat_x32" : "concat_b1",
    why: unit === "word" ? "whole 32-bit elements move" : "bits move inside words",
    macs: 0,
    params: {
      outputPtr: { output: 0 },
      runsPtr: { table: 0 },
      inputs: inputs.length,
      rows: countElements(storageDims(output).slice(0, outerAxes)),
      outputRowElems: pitchOf(output),
      ...Object.fromEntries(pointers.map((name, input): [string, Param] => [name, input < inputs.length ? { input } : 0])),
    },
    tables: [Uint32Array.from(inputs.flatMap((input) => [runOf(input), pitchOf(input)]))],
  };
}
