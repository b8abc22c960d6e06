// Ops that only move elements: slice, pad, transpose, reshape, concat. They see memory as views: axes with strides,
// in 32-bit words (f32 values, or bits when whole words move) or in single bits.
import { PlanError } from "../graph/errors.ts";
import { countWords, type Node } from "../graph/graph.ts";
import type { StepDraft, Type } from "./op.ts";
import { requireInput, spell } from "./require.ts";

/** The parameter block of slice, pad, transpose and reshape: assembly/moves/params.ts. */
export const moveBlock = {
  inputPtr: "u32",
  outputPtr: "u32",
  viewsPtr: "u32",
  countersPtr: "u32",
  elems: "u32",
  inputStart: "u32",
  inputRank: "u32",
  outputStart: "u32",
  outputRank: "u32",
  fillWords: "u32",
  fillRunWords: "u32",
  fillWord: "u32",
  fillTailWord: "u32",
} as const;

const MAX_RANK = 8;

/** The kernels count bits in 32 bits. */
const MAX_WORDS = 2 ** 27;

export type Unit = "word" | "bit";

export interface View {
  start: number;
  dims: number[];
  strides: number[];
}

/** Return input `index` if the ops of this file can move it. */
export function requireMovable(node: Node<unknown>, inputs: readonly Type[], index: number): Type {
  const type = requireInput(node, inputs, index);
  checkRank(node, type);
  return type;
}

/** Throw unless a value of this type can be addressed by the kernels. */
export function checkRank(node: Node<unknown>, { type, shape }: Type): void {
  const least = type === "bits" ? 2 : 1;
  if (shape.length < least || shape.length > MAX_RANK) {
    throw new PlanError("unsupported", `${node.op} of ${type} works on ${least} to ${MAX_RANK} dimensions but met ${spell(shape)}`, node.name);
  }
}

/** Throw unless `axis` is one of the shape's. */
export function requireAxis(node: Node<unknown>, axis: number, shape: readonly number[]): void {
  if (axis >= shape.length) {
    throw new PlanError("invalid", `${node.op} along axis ${axis} but input 0 is ${spell(shape)}; axes count from 0`, node.name);
  }
}

/** Throw unless a list of the node has one entry per axis. */
export function requireEntries(node: Node<unknown>, name: string, list: readonly number[], shape: readonly number[]): void {
  if (list.length !== shape.length) {
    throw new PlanError("invalid", `${name} has ${list.length} entries but input 0 is ${spell(shape)}; one entry per axis is needed`, node.name);
  }
}

/** List the axes from the slowest to the fastest in memory: bits have their channels last. */
export function storageOrder({ type, shape }: Type): number[] {
  const axes = shape.map((_, axis) => axis);
  return type === "bits" ? [...axes.filter((axis) => axis !== 1), 1] : axes;
}

/** View a value in the order of its logical axes. In words, the channels of bits are counted in words. */
export function viewOf(value: Type, unit: Unit): View {
  const isBits = value.type === "bits";
  const dims = value.shape.map((dim, axis) => (isBits && axis === 1 && unit === "word" ? countWords(dim) : dim));
  const strides = dims.map(() => 1);
  let stride = 1;
  for (const axis of storageOrder(value).reverse()) {
    const dim = dims[axis] as number;
    strides[axis] = stride;
    stride *= isBits && axis === 1 && unit === "bit" ? countWords(dim) * 32 : dim;
  }
  return { start: 0, dims, strides };
}

/** Reorder a view's axes: axis i of the result is axis `order[i]`. */
export function permute({ start, dims, strides }: View, order: readonly number[]): View {
  return { start, dims: order.map((axis) => dims[axis] as number), strides: order.map((axis) => strides[axis] as number) };
}

/** Merge neighbouring axes that are one run in memory and drop those of length 1; the elements stay in order. */
export function collapse({ start, dims, strides }: View): View {
  const merged: View = { start, dims: [], strides: [] };
  dims.forEach((dim, axis) => {
    const stride = strides[axis] as number;
    const last = merged.dims.length - 1;
    if (dim === 1) return;
    if (last >= 0 && merged.strides[last] === dim * stride) {
      merged.dims[last] = (merged.dims[last] as number) * dim;
      merged.strides[last] = stride;
    } else {
      merged.dims.push(dim);
      merged.strides.push(stride);
    }
  });
  return merged.dims.length > 0 ? merged : { start, dims: [1], strides: [1] };
}

/** Draft the step that copies `from`, element by element, to `to`, having filled the output with `fill` where that matters. */
export function draftMove(node: Node<unknown>, unit: Unit, from: View, to: View, output: Type, fill?: number): StepDraft {
  const input = collapse(from);
  const target = collapse(to);
  const isBits = output.type === "bits";
  const words = viewOf(output, "word").dims.reduce((product, dim) => product * dim, 1);
  if (unit === "bit" && words > MAX_WORDS) {
    throw new PlanError("too-large", `${node.op} moves single bits of a value of ${words} words; at most ${MAX_WORDS} can be addressed`, node.name);
  }
  const channels = isBits ? (output.shape[1] as number) : 0;
  const fillWord = isBits ? (fill === -1 ? 0xffffffff : 0) : (new Uint32Array(Float32Array.of(fill ?? 0).buffer)[0] as number);
  return {
    kernel: `${node.op}_${unit === "word" ? "x32" : "b1"}`,
    why: unit === "word" ? "whole 32-bit elements move" : "bits move inside words",
    macs: 0,
    params: {
      inputPtr: { input: 0 },
      outputPtr: { output: 0 },
      viewsPtr: { table: 0 },
      countersPtr: { scratch: 0 },
      elems: from.dims.reduce((product, dim) => product * dim, 1),
      inputStart: input.start,
      inputRank: input.dims.length,
      outputStart: target.start,
      outputRank: target.dims.length,
      fillWords: fill !== undefined || unit === "bit" ? words : 0,
      fillRunWords: isBits ? countWords(channels) : words,
      fillWord,
      fillTailWord: channels % 32 === 0 ? fillWord : (fillWord & (2 ** (channels % 32) - 1)) >>> 0,
    },
    tables: [Uint32Array.of(...input.dims, ...input.strides, ...target.dims, ...target.strides)],
    scratchBytes: 4 * (input.dims.length + target.dims.length),
  };
}
