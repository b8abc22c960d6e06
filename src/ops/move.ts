// Ops that only move elements: slice, pad, transpose, reshape, concat. They see memory as views: axes with strides,
// in 32-bit elements (f32 values, or whole words of bits) or in single bits.
import { countElements, countWords } from "../graph/graph.ts";
import { INPUT_TO_OUTPUT, type StepDraft, type Type } from "./op.ts";

/** What moves, as the kernels' names say it. */
export type Unit = "x32" | "b1";

/** The length of an axis, then how far apart its elements are in each operand. */
export type Axis = [dim: number, ...strides: number[]];

export interface View {
  start: number;
  axes: Axis[];
}

/** Reorder axes from the slowest to the fastest in memory: bits have their channels last. */
export function inStorageOrder<T>(axes: readonly T[], { type }: Type): T[] {
  return type === "bits" ? [...axes.slice(0, 1), ...axes.slice(2), axes[1] as T] : [...axes];
}

/** View a value in the order of its logical axes. In words, the channels of bits are counted in words. */
export function viewOf(value: Type, unit: Unit): View {
  const areChannels = (axis: number) => value.type === "bits" && axis === 1;
  const axes = value.shape.map((dim, axis): Axis => [unit === "x32" && areChannels(axis) ? countWords(dim) : dim]);
  let stride = 1;
  for (const axis of inStorageOrder([...axes.keys()], value).reverse()) {
    const [dim] = axes[axis] as Axis;
    axes[axis] = [dim, stride];
    stride *= unit === "b1" && areChannels(axis) ? countWords(dim) * 32 : dim;
  }
  return { start: 0, axes };
}

/** Drop axes of length 1 and merge neighbours that are one run in every operand; the elements stay in order. */
export function collapse(axes: readonly Axis[]): Axis[] {
  const merged: Axis[] = [];
  for (const [dim, ...strides] of axes) {
    const last = merged.at(-1);
    if (dim === 1) continue;
    if (last && strides.every((stride, i) => last[i + 1] === dim * stride)) merged.splice(-1, 1, [last[0] * dim, ...strides]);
    else merged.push([dim, ...strides]);
  }
  return merged.length > 0 ? merged : axes.slice(0, 1);
}

/** List axes as the kernels read them: all lengths, then all strides of the first operand, and so on. */
export function listAxes(axes: readonly Axis[]): number[] {
  return axes[0]?.flatMap((_, column) => axes.map((axis) => axis[column] as number)) ?? [];
}

/** Draft the step that copies `from`, axis by axis, to `to` in the output, having filled the output with `fill` if that is given. */
export function draftMove(op: string, unit: Unit, output: Type, from: View, to: View, fill?: number): StepDraft {
  return draftCopy(op, unit, output, { ...from, axes: inStorageOrder(from.axes, output) }, { ...to, axes: inStorageOrder(to.axes, output) }, fill);
}

/** Draft the step that copies `from`, element by element, to `to` in the output. */
export function draftCopy(op: string, unit: Unit, output: Type, from: View, to: View, fill?: number): StepDraft {
  const source = collapse(from.axes);
  const target = collapse(to.axes);
  const isBits = output.type === "bits";
  const words = countElements(viewOf(output, "x32").axes.map(([dim]) => dim));
  const channels = isBits ? (output.shape[1] as number) : 0;
  const fillBits = fill === -1 ? 0xffffffff : 0;
  const fillWord = isBits ? fillBits : { f32: fill ?? 0 };
  return {
    kernel: `${op}_${unit}`,
    params: {
      ...INPUT_TO_OUTPUT,
      viewsPtr: { table: 0 },
      countersPtr: { scratch: 0 },
      elems: countElements(from.axes.map(([dim]) => dim)),
      inputStart: from.start,
      inputRank: source.length,
      outputStart: to.start,
      outputRank: target.length,
      // Bits are set one by one in words that must be known.
      fillWords: fill !== undefined || unit === "b1" ? words : 0,
      fillRunWords: isBits ? countWords(channels) : words,
      fillWord,
      fillTailWord: channels % 32 === 0 ? fillWord : fillBits >>> (32 - (channels % 32)),
    },
    tables: [Uint32Array.from([...listAxes(source), ...listAxes(target)])],
    scratchBytes: 4 * (source.length + target.length),
  };
}
