import { toAxis } from "../axes.ts";
import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";

/** Pad with a constant value; pads of zero vanish. Pads are an input since opset 11, axes since 18. */
export function pad(node: OnnxNode, context: Context): number {
  const input = context.value(node, 0);
  const shape = context.shape(input);
  const mode = node.text("mode", "constant");
  if (mode !== "constant") throw node.unsupported(`pads in mode "${mode}"`, "only padding with a constant is supported");
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
  return context.draft.add(node.name, "pad", { before, after, value }, [input]);
}
