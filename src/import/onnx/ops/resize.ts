// Resize: a linear map along every axis that changes. Scales or sizes are inputs 2 and 3; opset 10 has scales as input 1.
import { toAxis } from "../axes.ts";
import { Composer } from "../compose.ts";
import type { Context } from "../context.ts";
import { linearAlong } from "../linear.ts";
import type { OnnxNode } from "../node.ts";
import { type Axis, type Sampling, sampleAxis } from "../resample.ts";

export function resize(node: OnnxNode, context: Context): number {
  const isOld = node.opset < 11;
  const [scales, sizes] = isOld ? [context.constant(node, 1, "scales")] : [context.constant(node, 2, "scales"), context.constant(node, 3, "sizes")];
  const shape = context.shape(context.value(node, 0));
  const axes = (node.ints("axes") ?? [...shape.keys()]).map((axis) => toAxis(node, axis, shape.length));
  const given = scales && scales.data.length > 0 ? scales : sizes;
  if (given?.data.length !== axes.length) throw node.invalid(`has ${given?.data.length ?? 0} scales or sizes for ${axes.length} axes`);
  const numbers = given === scales ? Array.from(given.data) : fitSizes(node, shape, axes, Array.from(given.data));
  const region = context.constant(node, 1, "roi");
  const crop = !isOld && region?.data.length === 2 * axes.length ? Array.from(region.data) : undefined;
  const plan = axes.map((axis, i): Axis & { axis: number } => {
    const length = shape[axis] as number;
    const number = numbers[i] as number;
    const bounds: [number, number] = crop ? [crop[i] as number, crop[i + axes.length] as number] : [0, 1];
    if (given === scales)
      return { axis, length, scale: number, output: Math.floor(length * number * (crop ? bounds[1] - bounds[0] : 1)), crop: bounds };
    return { axis, length, scale: number / length, output: Math.round(number), crop: bounds };
  });
  const mode = node.text("mode", "nearest");
  if (mode !== "nearest" && mode !== "linear" && mode !== "cubic") throw node.invalid(`has mode "${mode}", which ONNX does not know`);
  return resample(node, context, plan, node.float("extrapolation_value", 0), {
    mode,
    coordinates: isOld ? "asymmetric" : node.text("coordinate_transformation_mode", "half_pixel"),
    nearest: isOld ? "floor" : node.text("nearest_mode", "round_prefer_floor"),
    cubic: node.float("cubic_coeff_a", -0.75),
    excludeOutside: node.int("exclude_outside", 0) !== 0,
    antialias: node.int("antialias", 0) !== 0,
  });
}

/** Resample input 0 along these axes; what lies outside of it becomes `fill`. */
export function resample(node: OnnxNode, context: Context, plan: readonly (Axis & { axis: number })[], fill: number, sampling: Sampling): number {
  let x = context.value(node, 0);
  const rank = context.shape(x).length;
  const composer = new Composer(node, context);
  let inside: number | undefined;
  for (const { axis, ...one } of plan) {
    const isSame = one.output === one.length && one.scale === 1 && sampling.coordinates !== "tf_crop_and_resize";
    if (isSame || (one.length === -1 && one.scale === 1)) continue;
    if (one.length === -1) throw node.unsupported("resizes the batch", "keep the batch as the first dimension, untouched");
    if (!(one.output >= 1)) throw node.invalid(`makes ${one.output} of ${one.length} elements`);
    const { rows, outside } = sampleAxis(node, one, sampling);
    x = linearAlong(node, context, x, axis, rows);
    if (!outside.includes(true)) continue;
    const shape = Array.from({ length: rank }, (_, at) => (at === axis ? one.output : 1));
    const kept = composer.store({ type: "float", shape, data: Float32Array.from(outside, (is) => (is ? 0 : 1)) });
    inside = inside === undefined ? kept : composer.mul(inside, kept);
  }
  if (inside === undefined) return x;
  return composer.add(composer.mul(x, inside), composer.affine(inside, -fill, fill));
}

/** Sizes wanted, or those that keep the proportions within or around them. */
function fitSizes(node: OnnxNode, shape: readonly number[], axes: readonly number[], sizes: number[]): number[] {
  const policy = node.text("keep_aspect_ratio_policy", "stretch");
  if (policy === "stretch") return sizes;
  const scales = sizes.map((size, i) => size / (shape[axes[i] as number] as number));
  const scale = policy === "not_larger" ? Math.min(...scales) : Math.max(...scales);
  return axes.map((axis) => Math.floor(scale * (shape[axis] as number) + 0.5));
}
