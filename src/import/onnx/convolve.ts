// Convolutions of one and two dimensions with constant filters, shared by Conv and the quantized ones: weights OIHW become OHWI.
import { Composer } from "./compose.ts";
import type { Context } from "./context.ts";
import type { OnnxNode } from "./node.ts";
import type { Tensor } from "./tensor.ts";
import { POINT, readSides, type Side, toWindow } from "./window.ts";

/** Convolve a value with filters [O, I / groups, ...]. */
export function convolve(node: OnnxNode, context: Context, input: number, filters: Tensor, bias: Tensor | undefined): number {
  const shape = context.shape(input);
  const kernel = filters.shape.slice(2);
  if (kernel.length !== 1 && kernel.length !== 2) {
    throw node.unsupported(`has ${kernel.length}-dimensional filters [${filters.shape}]`, "convolutions of one and two dimensions are supported");
  }
  if (shape.length !== kernel.length + 2) throw node.invalid(`has filters [${filters.shape}] for a value of shape [${shape}]`);
  const [outChannels, inRun] = filters.shape as [number, number];
  const groups = node.int("group", 1);
  const inChannels = shape[1] as number;
  if (inChannels !== inRun * groups || groups < 1 || outChannels % groups !== 0 || outChannels < 1) {
    throw node.invalid(`has filters [${filters.shape}] in ${groups} group(s) for ${inChannels} input channels`);
  }
  if (bias !== undefined && bias.data.length !== outChannels) throw node.invalid(`has ${bias.data.length} biases for ${outChannels} filters`);
  const given = node.ints("kernel_shape") ?? kernel;
  if (given.join() !== kernel.join()) throw node.invalid(`has kernel_shape [${given}] but filters [${filters.shape}]`);
  const sides = readSides(node, shape, kernel);
  const taps = kernel.reduce((a, b) => a * b, 1);
  const layer = { data: channelsLast(filters.data, outChannels, inRun, taps), bias, inChannels, outChannels, groups };
  const add = (x: number, height: Side, width: Side) => addConv2d(node, context, x, layer, height, width);
  if (sides.length === 2) return add(input, sides[0] as Side, sides[1] as Side);
  const composer = new Composer(node, context);
  const [batch = 1, , length = 1] = shape;
  const made = add(composer.reshape(input, [batch, inChannels, 1, length]), POINT, sides[0] as Side);
  return composer.reshape(made, [batch, outChannels, context.shape(made)[3] as number]);
}

interface Layer {
  /** OHWI */
  data: Float32Array;
  bias: Tensor | undefined;
  inChannels: number;
  outChannels: number;
  groups: number;
}

/** Add a conv2d node with real weights. */
export function addConv2d(node: OnnxNode, context: Context, x: number, { data, bias, ...layer }: Layer, height: Side, width: Side): number {
  const weights = { kind: "float" as const, data, bias: bias && Float32Array.from(bias.data) };
  const read = { inputKind: "float", inputScale: 1, inputZeroPoint: 0, padValue: 0 } as const;
  return context.draft.add(node.name, "conv2d", { ...read, ...layer, weights, window: toWindow(height, width) }, [x]);
}

/** out[o, tap, i] = filters[o, i, tap]. */
function channelsLast(filters: ArrayLike<number>, outs: number, ins: number, taps: number): Float32Array {
  const out = new Float32Array(outs * ins * taps);
  let at = 0;
  for (let o = 0; o < outs; o++) {
    for (let tap = 0; tap < taps; tap++) {
      for (let i = 0; i < ins; i++) out[at++] = filters[(o * ins + i) * taps + tap] as number;
    }
  }
  return out;
}
