// Larq Compute Engine's four operators. A packed value is u32 words along the channels, bit 1 for -1; here it is what it stands for, -1 and 1.
import { LoadError } from "../../graph/errors.ts";
import { PADDINGS } from "./constants.ts";
import { readFlexMap } from "./flex.ts";
import type { TfliteOperator } from "./model.ts";
import type { Translate } from "./operators.ts";
import type { Translation } from "./translate.ts";

/** TensorType. */
const BOOL = 6;

/** x >= 0 is 1, what is below is -1. */
function sign(t: Translation, value: string): string {
  return t.add("BipolarQuant", [value, t.number([], [1])], {}, "onnx.brevitas");
}

const quantize: Translate = (t, operator) => {
  const [input, output] = [operator.inputs[0], operator.outputs[0]] as [number, number];
  t.channelsOf.set(output, t.tensor(input).shape.at(-1) as number);
  // Of bools, false is -1.
  const value = t.tensor(input).type === BOOL ? t.add("Sub", [t.name(input), t.number([], [0.5])]) : t.name(input);
  t.bind(operator, sign(t, value));
};

const dequantize: Translate = (t, operator) => t.bind(operator, t.name(operator.inputs[0] as number));

const convolve: Translate = (t, operator) => {
  const [input, filter, multiplier = -1, bias = -1, thresholds = -1] = operator.inputs as [number, number, number?, number?, number?];
  const [output] = operator.outputs as [number];
  const options = readOptions(t, operator);
  const channels = options("channels_in");
  const { shape } = t.tensor(filter);
  const [outs = 0, height = 0, width = 0, words = 0] = shape;
  const inputWords = Math.ceil(channels / 32);
  const groups = inputWords / words;
  const run = channels / groups;
  if (
    shape.length !== 4 ||
    !Number.isInteger(groups) ||
    groups < 1 ||
    !Number.isInteger(run) ||
    (groups > 1 && run % 32 !== 0) ||
    t.shape(input)[1] !== channels
  ) {
    throw broken(t, filter, `has filters [${shape}] of packed words for ${channels} channels`);
  }
  const packed = wordsOf(t, filter);
  const weights = new Float32Array(outs * run * height * width);
  const taps = height * width;
  for (let o = 0; o < outs; o++) {
    for (let tap = 0; tap < taps; tap++) {
      for (let i = 0; i < run; i++) {
        const word = packed[(o * taps + tap) * words + (i >> 5)] as number;
        weights[(o * run + i) * taps + tap] = (word >>> (i & 31)) & 1 ? -1 : 1;
      }
    }
  }
  const window = {
    strides: [options("stride_height"), options("stride_width")],
    dilations: [options("dilation_height_factor"), options("dilation_width_factor")],
  };
  const isSame = options("padding") === 0;
  const isOnes = options("pad_values", 0) === 1;
  let x = t.name(input);
  if (isSame && isOnes) x = t.add("Pad", [x, t.number([8], onesAround(t.shape(input), [height, width], window), true), t.number([], [1])]);
  const auto_pad = PADDINGS[isSame && !isOnes ? 0 : 1] as string;
  const products = t.add("Conv", [x, t.number([outs, run, height, width], weights)], { ...window, auto_pad, group: groups });
  if (thresholds >= 0) {
    // bit = (K - dot) / 2 > threshold is -1: dot >= K - 2 threshold is 1.
    const limits = Float32Array.from(t.constant(thresholds, "thresholds").data, (threshold) => run * taps - 2 * threshold);
    t.channelsOf.set(output, outs);
    t.bind(operator, sign(t, t.add("Sub", [products, t.number([outs, 1, 1], limits)])));
    return;
  }
  const clamped = t.activate(products, options("fused_activation_function", 0));
  const perChannel = (index: number, what: string) => t.number([outs, 1, 1], t.constant(index, what).data);
  const scaled = multiplier >= 0 ? t.add("Mul", [clamped, perChannel(multiplier, "multiplier")]) : clamped;
  t.bind(operator, bias >= 0 ? t.add("Add", [scaled, perChannel(bias, "bias")]) : scaled);
};

const maxPool: Translate = (t, operator) => {
  const [input, output] = [operator.inputs[0], operator.outputs[0]] as [number, number];
  const options = readOptions(t, operator);
  t.channelsOf.set(output, t.shape(input)[1] as number);
  const value = t.add("MaxPool", [t.name(input)], {
    kernel_shape: [options("filter_height"), options("filter_width")],
    strides: [options("stride_height"), options("stride_width")],
    auto_pad: PADDINGS[options("padding")] ?? "VALID",
  });
  t.bind(operator, value);
};

export const LARQ: Readonly<Record<string, Translate>> = {
  LceQuantize: quantize,
  LceDequantize: dequantize,
  LceBconv2d: convolve,
  LceBMaxPool2d: maxPool,
};

/** Returns a reader of the operator's options; one that is needed and missing is an error. */
function readOptions(t: Translation, { customOptions, custom, outputs }: TfliteOperator): (name: string, fallback?: number) => number {
  const place = `${custom} "${t.tensor(outputs[0] as number).name}"`;
  const options = readFlexMap(customOptions ?? new Uint8Array(), place);
  return (name, fallback) => {
    const value = options.get(name) ?? fallback;
    if (value === undefined) throw new LoadError("invalid", `${place} does not say its ${name}; the file is damaged, get it again`);
    return value;
  };
}

function wordsOf(t: Translation, index: number): Uint32Array {
  const { data, shape } = t.tensor(index);
  if (data === undefined) throw t.refuse("computes its filters from the model's inputs");
  const count = shape.reduce((a, b) => a * b, 1);
  if (data.length !== 4 * count) throw broken(t, index, `holds ${data.length} bytes for [${shape}] words`);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return Uint32Array.from({ length: count }, (_, i) => view.getUint32(4 * i, true));
}

/** Pads of ONNX that make the output as long as input / stride, rounded up. */
function onesAround([, , ...sides]: number[], kernel: readonly number[], window: { strides: number[]; dilations: number[] }): number[] {
  const pads = sides.map((length, axis) => {
    const [size, stride, dilation] = [kernel[axis], window.strides[axis], window.dilations[axis]] as [number, number, number];
    const total = Math.max((Math.ceil(length / stride) - 1) * stride + dilation * (size - 1) + 1 - length, 0);
    return [Math.floor(total / 2), Math.ceil(total / 2)];
  });
  return [0, 0, ...pads.map(([before]) => before as number), 0, 0, ...pads.map(([, after]) => after as number)];
}

function broken(t: Translation, index: number, what: string): LoadError {
  return new LoadError("invalid", `tensor "${t.tensor(index).name}" ${what}; the file is damaged, get it again`);
}
