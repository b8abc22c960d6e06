// Conv, two-dimensional: weights OIHW become OHWI.
import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";
import { readWindow } from "../window.ts";

export function conv(node: OnnxNode, context: Context): number {
  const input = context.value(node, 0);
  const filters = context.requireConstant(node, 1, "weights");
  const bias = context.constant(node, 2, "bias");
  if (filters.shape.length !== 4) {
    throw node.unsupported(
      `has ${filters.shape.length - 2}-dimensional filters [${filters.shape}]`,
      "only 2-D convolutions are supported; write a 1-D one as 2-D with height 1",
    );
  }
  const shape = context.shapeOfRank(node, input, 4);
  const [outChannels, inRun, kernelH, kernelW] = filters.shape as [number, number, number, number];
  const groups = node.int("group", 1);
  const inChannels = shape[1] as number;
  if (inChannels !== inRun * groups || groups < 1 || outChannels % groups !== 0 || outChannels < 1) {
    throw node.invalid(`has filters [${filters.shape}] in ${groups} group(s) for ${inChannels} input channels`);
  }
  if (bias !== undefined && bias.data.length !== outChannels) throw node.invalid(`has ${bias.data.length} biases for ${outChannels} filters`);
  const kernel = node.ints("kernel_shape") ?? [kernelH, kernelW];
  if (kernel[0] !== kernelH || kernel[1] !== kernelW) throw node.invalid(`has kernel_shape [${kernel}] but filters [${filters.shape}]`);
  return context.draft.add(
    node.name,
    "conv2d",
    {
      inputKind: "float",
      inputScale: 1,
      inputZeroPoint: 0,
      weights: {
        kind: "float",
        data: channelsLast(filters.data, outChannels, inRun, kernelH * kernelW),
        bias: bias && Float32Array.from(bias.data),
      },
      inChannels,
      outChannels,
      groups,
      window: readWindow(node, shape, kernel),
      padValue: 0,
    },
    [input],
  );
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
