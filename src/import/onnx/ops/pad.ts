import { toAxis } from "../axes.ts";
import type { Context } from "../context.ts";
import { linearAlong, picking } from "../linear.ts";
import type { OnnxNode } from "../node.ts";

/** Pad with a constant value, or with elements of the value; pads of zero vanish. Pads are an input since opset 11, axes since 18. */
export function pad(node: OnnxNode, context: Context): number {
  const input = context.value(node, 0);
  const shape = context.shape(input);
  const mode = node.text("mode", "constant");
  const pads = context.integers(node, 1, "pads");
  const value = context.constant(node, 2, "value")?.data[0] ?? node.float("value", 0);
  const listed = context.integers(node, 3, "axes") ?? [...shape.keys()];
  const axes = listed.map((axis) => toAxis(node, axis, shape.length));
  if (pads === undefined || pads.length !== axes.length * 2) throw node.invalid(`has ${pads?.length ?? 0} pads for ${axes.length} axes`);
  const before = shape.map(() => 0);
  const after = shape.map(() => 0);
  axes.forEach((axis, i) => {
    before[axis] = pads[i] as number;
    after[axis] = pads[i + axes.length] as number;
  });
  if (pads.some((count) => count < 0)) throw node.unsupported(`has negative pads [${pads}]`, "crop with a Slice instead");
  if (pads.every((count) => count === 0)) return input;
  if (mode !== "constant") return padByElements(node, context, input, mode, before, after);
  return context.draft.add(node.name, "pad", { before, after, value }, [input]);
}

/** Where element `at` of an axis comes from when it lies beyond the ends. */
const SOURCES: Readonly<Record<string, (at: number, length: number) => number>> = {
  edge: (at, length) => Math.max(0, Math.min(length - 1, at)),
  reflect: (at, length) => {
    if (length === 1) return 0;
    const period = 2 * (length - 1);
    const place = ((at % period) + period) % period;
    return place < length ? place : period - place;
  },
  wrap: (at, length) => ((at % length) + length) % length,
};

/** Pad with elements of the value itself, axis by axis. */
function padByElements(node: OnnxNode, context: Context, input: number, mode: string, before: readonly number[], after: readonly number[]): number {
  const source = SOURCES[mode];
  if (source === undefined) throw node.invalid(`pads in mode "${mode}", which ONNX does not know`);
  return context.shape(input).reduce((x, length, axis) => {
    const [first, last] = [before[axis] as number, after[axis] as number];
    if (first === 0 && last === 0) return x;
    const places = Array.from({ length: first + length + last }, (_, i) => source(i - first, length));
    return linearAlong(node, context, x, axis, picking(places, length));
  }, input);
}
