// Upsample, which Resize took the place of at opset 10: scales are an attribute before opset 9, an input since.
import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";
import { resample } from "./resize.ts";

export function upsample(node: OnnxNode, context: Context): number {
  const shape = context.shape(context.value(node, 0));
  const scales = node.floats("scales") ?? Array.from(context.requireConstant(node, 1, "scales").data);
  if (scales.length !== shape.length) throw node.invalid(`has ${scales.length} scales for ${shape.length} axes`);
  const plan = shape.map((length, axis) => {
    const scale = scales[axis] as number;
    return { axis, length, scale, output: Math.floor(length * scale), crop: [0, 1] as [number, number] };
  });
  const mode = node.text("mode", "nearest");
  if (mode !== "nearest" && mode !== "linear") throw node.invalid(`has mode "${mode}", which ONNX does not know`);
  const rules = { coordinates: "asymmetric", nearest: "floor", cubic: -0.75, excludeOutside: false, antialias: false };
  return resample(node, context, plan, 0, { mode, ...rules });
}
