// ConvTranspose of one or two dimensions: zeros between the pixels, then a convolution with the filters turned round.
import { Composer } from "../compose.ts";
import type { Context } from "../context.ts";
import { addConv2d } from "../convolve.ts";
import type { OnnxNode } from "../node.ts";
import { addSlice } from "../sliced.ts";
import { POINT } from "../window.ts";

export function convTranspose(node: OnnxNode, context: Context): number {
  const composer = new Composer(node, context);
  const input = context.value(node, 0);
  const filters = context.requireConstant(node, 1, "weights");
  const bias = context.constant(node, 2, "bias");
  const shape = context.shape(input);
  const axes = shape.length - 2;
  if ((axes !== 1 && axes !== 2) || filters.shape.length !== shape.length) {
    throw node.unsupported(`has filters [${filters.shape}] for a value of shape [${shape}]`, "one and two dimensions are supported");
  }
  const [inChannels, outRun, ...kernel] = filters.shape as [number, number, ...number[]];
  const groups = node.int("group", 1);
  if (inChannels !== shape[1] || groups < 1 || inChannels % groups !== 0) {
    throw node.invalid(`has filters [${filters.shape}] in ${groups} group(s) for ${shape[1]} input channels`);
  }
  const outChannels = outRun * groups;
  const listed = (name: string, fallback: number) => {
    const values = node.ints(name) ?? kernel.map(() => fallback);
    if (values.length !== axes || values.some((value) => value < fallback)) throw node.invalid(`has ${name} [${values}] for ${axes} axes`);
    return values;
  };
  const [strides, dilations, extra] = [listed("strides", 1), listed("dilations", 1), listed("output_padding", 0)];
  const spans = kernel.map((size, axis) => (dilations[axis] as number) * (size - 1));
  const full = kernel.map((_, axis) => (strides[axis] as number) * ((shape[axis + 2] as number) - 1) + (spans[axis] as number) + 1);
  const pads = readCrops(node, shape, full, strides, extra);

  // [N,C,H,W] -> [N,C,H,1,W,1] -> [N,C,H,sH,W,sW] -> [N,C,H sH,W sW], less the last run of zeros.
  const [batch = 1, channels = 1, ...lengths] = shape;
  const after = [0, 0, ...strides.flatMap((stride) => [0, stride - 1])];
  let x = input;
  if (strides.some((stride) => stride > 1)) {
    x = composer.reshape(x, [batch, channels, ...lengths.flatMap((length) => [length, 1])]);
    x = context.draft.add(node.name, "pad", { before: after.map(() => 0), after, value: 0 }, [x]);
    x = composer.reshape(x, [batch, channels, ...lengths.map((length, axis) => length * (strides[axis] as number))]);
    x = addSlice(
      node,
      context,
      x,
      lengths.map((length, axis) => ({ axis: axis + 2, start: 0, end: (length - 1) * (strides[axis] as number) + 1, step: 1 })),
    );
  }
  const sides = kernel.map((size, axis) => {
    const [before, behind] = pads[axis] as [number, number];
    const span = spans[axis] as number;
    return { kernel: size, stride: 1, dilation: dilations[axis] as number, before: span - before, after: span - behind + (extra[axis] as number) };
  });
  // Pads below 0 cut the value instead.
  const cut = sides.map(({ before, after: behind }, axis) => {
    const length = context.shape(x)[axis + 2] as number;
    return { axis: axis + 2, start: Math.max(0, -before), end: length - Math.max(0, -behind), step: 1 };
  });
  x = addSlice(node, context, x, cut);
  const whole = sides.map((side) => ({ ...side, before: Math.max(0, side.before), after: Math.max(0, side.after) }));
  const [height, width] = axes === 1 ? [POINT, whole[0]] : whole;
  const flat = axes === 1 ? composer.reshape(x, [batch, channels, 1, context.shape(x)[2] as number]) : x;
  const data = turned(
    filters.data,
    inChannels,
    outRun,
    kernel.reduce((a, b) => a * b, 1),
    groups,
  );
  const made = addConv2d(node, context, flat, { data, bias, inChannels, outChannels, groups }, height ?? POINT, width ?? POINT);
  return axes === 1 ? composer.reshape(made, [batch, outChannels, context.shape(made)[3] as number]) : made;
}

/** How much of the full result is cut off before and after, axis by axis. */
function readCrops(
  node: OnnxNode,
  shape: readonly number[],
  full: readonly number[],
  strides: readonly number[],
  extra: readonly number[],
): [number, number][] {
  const auto = node.text("auto_pad", "NOTSET");
  const wanted = node.ints("output_shape");
  if (auto === "VALID") return full.map(() => [0, 0]);
  if (auto === "NOTSET" && wanted === undefined) {
    const pads = node.ints("pads") ?? new Array<number>(2 * full.length).fill(0);
    if (pads.length !== 2 * full.length) throw node.invalid(`has ${pads.length} pads for ${full.length} axes`);
    return full.map((_, axis) => [pads[axis] as number, pads[axis + full.length] as number]);
  }
  return full.map((length, axis) => {
    const output = wanted?.[axis] ?? (shape[axis + 2] as number) * (strides[axis] as number);
    const total = length + (extra[axis] as number) - output;
    const half = Math.floor(total / 2);
    return auto === "SAME_UPPER" ? [half, total - half] : [total - half, half];
  });
}

/** out[o, tap, i] = filters[i, o, last - tap], group by group. */
function turned(filters: ArrayLike<number>, ins: number, outs: number, taps: number, groups: number): Float32Array {
  const insRun = ins / groups;
  const out = new Float32Array(ins * outs * taps);
  let at = 0;
  for (let group = 0; group < groups; group++) {
    for (let o = 0; o < outs; o++) {
      for (let tap = taps - 1; tap >= 0; tap--) {
        for (let i = 0; i < insRun; i++) out[at++] = filters[((group * insRun + i) * outs + o) * taps + tap] as number;
      }
    }
  }
  return out;
}
