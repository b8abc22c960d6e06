// TensorFlow Lite's operators, by number of its BuiltinOperator, and Larq Compute Engine's, by name: what each is in ONNX's words.
import { PADDINGS, transpose } from "./constants.ts";
import { LARQ } from "./larq.ts";
import type { TfliteOperator } from "./model.ts";
import type { Translation } from "./translate.ts";

export type Translate = (t: Translation, operator: TfliteOperator) => void;

/** strides and so on of Conv2DOptions and its like: fields 0 to 2 are padding, stride_w, stride_h. */
export function windowOf({ options }: TfliteOperator): { auto_pad: string; strides: number[] } {
  return { auto_pad: PADDINGS[options?.i8(0) ?? 0] ?? "VALID", strides: [options?.i32(2, 1) ?? 1, options?.i32(1, 1) ?? 1] };
}

/** An operator of one value, with no options. */
const one =
  (op: string): Translate =>
  (t, operator) =>
    t.bind(operator, t.add(op, [t.name(operator.inputs[0] as number)]));

/** Of two values that broadcast, with a fused activation in field 0 of its options. */
const two =
  (op: string): Translate =>
  (t, operator) => {
    const [a, b] = operator.inputs as [number, number];
    const rank = Math.max(t.shape(a).length, t.shape(b).length);
    const value = t.add(op, [widened(t, a, rank), widened(t, b, rank)]);
    t.bind(operator, t.activate(value, operator.options?.i8(0) ?? 0));
  };

/** A value of fewer dimensions, so that it broadcasts against one of four whose channels are not last here. */
function widened(t: Translation, index: number, rank: number): string {
  const { shape } = t.tensor(index);
  if (rank !== 4 || shape.length === 4 || shape.length === 0) return t.name(index);
  if (!t.isConstant(index)) throw t.refuse(`combines a value of shape [${shape}] with one of four dimensions`);
  const wide = [...new Array<number>(4 - shape.length).fill(1), ...shape];
  const { data } = t.constant(index, "operand");
  const order = [0, 3, 1, 2];
  return t.number(
    order.map((axis) => wide[axis] as number),
    transpose(data, wide, order),
  );
}

const pool =
  (op: string): Translate =>
  (t, operator) => {
    const { options } = operator;
    const kernel_shape = [options?.i32(4) ?? 0, options?.i32(3) ?? 0];
    const value = t.add(op, [t.name(operator.inputs[0] as number)], { ...windowOf(operator), kernel_shape });
    t.bind(operator, t.activate(value, options?.i8(5) ?? 0));
  };

const reduce =
  (op: string): Translate =>
  (t, operator) => {
    const [input, axes] = operator.inputs as [number, number];
    const mapped = t.ints(axes, "axes").map((axis) => t.axis(input, axis));
    const keepdims = operator.options?.i8(0) ?? 0;
    const rank = t.tensor(input).shape.length;
    const isSpatial = rank === 4 && [...mapped].sort().join() === "2,3";
    if (rank === 4 && keepdims === 0 && !isSpatial) throw t.refuse(`reduces axes [${mapped}] of a map without keeping them`);
    const value =
      op === "ReduceSum"
        ? t.add(op, [t.name(input), t.number([mapped.length], mapped, true)], { keepdims })
        : t.add(op, [t.name(input)], { axes: mapped, keepdims });
    t.bind(operator, value);
  };

/** Give elements in the file's order another shape. */
function reshape(t: Translation, operator: TfliteOperator): void {
  const [input] = operator.inputs as [number];
  const [output] = operator.outputs as [number];
  const { shape } = t.tensor(output);
  // The output's own shape is what TensorFlow Lite computed; only its batch may be open.
  const batch = t.tensor(input).shape[0] === -1 || shape[0] === -1 ? -1 : shape[0];
  const wanted = shape.length === 0 ? [] : [batch as number, ...shape.slice(1)];
  t.bind(operator, t.fromOrder(t.add("Reshape", [t.inOrder(input), t.number([wanted.length], wanted, true)]), shape.length));
}

function conv(t: Translation, operator: TfliteOperator, isDepthwise: boolean): void {
  const [input, filter, bias] = operator.inputs as [number, number, number?];
  const { options } = operator;
  const { shape, data } = t.constant(filter, "weights");
  const channels = t.shape(input)[1] as number;
  const [dilationW, dilationH] = isDepthwise ? [options?.i32(5, 1), options?.i32(6, 1)] : [options?.i32(4, 1), options?.i32(5, 1)];
  // OHWI, or for depthwise 1HWO.
  const perm = isDepthwise ? [3, 0, 1, 2] : [0, 3, 1, 2];
  const group = isDepthwise ? channels : channels / (shape[3] as number);
  const weights = t.number(
    perm.map((axis) => shape[axis] as number),
    transpose(data, shape, perm),
  );
  const inputs = [t.name(input), weights];
  if (bias !== undefined && bias >= 0) inputs.push(t.name(bias));
  const value = t.add("Conv", inputs, { ...windowOf(operator), dilations: [dilationH ?? 1, dilationW ?? 1], group });
  t.bind(operator, t.activate(value, options?.i8(isDepthwise ? 4 : 3) ?? 0));
}

function fullyConnected(t: Translation, operator: TfliteOperator): void {
  const [input, filter, bias] = operator.inputs as [number, number, number?];
  const { shape } = t.constant(filter, "weights");
  const [, ins = 1] = shape;
  const { length } = t.tensor(input).shape;
  const flat = length === 2 ? t.name(input) : t.add("Reshape", [t.inOrder(input), t.number([2], [-1, ins], true)]);
  const inputs = [flat, t.name(filter)];
  if (bias !== undefined && bias >= 0) inputs.push(t.name(bias));
  const value = t.activate(t.add("Gemm", inputs, { transB: 1 }), operator.options?.i8(0) ?? 0);
  const rank = t.tensor(operator.outputs[0] as number).shape.length;
  if (rank === 2) t.bind(operator, value);
  else throw t.refuse(`makes a value of ${rank} dimensions of a dense layer`);
}

function concatenation(t: Translation, operator: TfliteOperator): void {
  const axis = t.axis(operator.inputs[0] as number, operator.options?.i32(0) ?? 0);
  const value = t.add(
    "Concat",
    operator.inputs.map((index) => t.name(index)),
    { axis },
  );
  t.bind(operator, t.activate(value, operator.options?.i8(1) ?? 0));
}

function pad(t: Translation, operator: TfliteOperator): void {
  const [input, pads, value] = operator.inputs as [number, number, number?];
  const pairs = t.ints(pads, "pads");
  const rank = t.shape(input).length;
  const [before, after] = [new Array<number>(rank).fill(0), new Array<number>(rank).fill(0)];
  for (let axis = 0; axis < rank; axis++) {
    before[t.axis(input, axis)] = pairs[2 * axis] ?? 0;
    after[t.axis(input, axis)] = pairs[2 * axis + 1] ?? 0;
  }
  const filled = value === undefined || value < 0 ? 0 : (t.constant(value, "value").data[0] ?? 0);
  t.bind(operator, t.add("Pad", [t.name(input), t.number([2 * rank], [...before, ...after], true), t.number([], [filled])]));
}

function prelu(t: Translation, operator: TfliteOperator): void {
  const [input, slope] = operator.inputs as [number, number];
  const { shape, data } = t.constant(slope, "slopes");
  const rank = t.shape(input).length;
  const wide = [...new Array<number>(Math.max(0, rank - 1 - shape.length)).fill(1), ...shape];
  const order = rank === 4 ? [2, 0, 1] : [...wide.keys()];
  const slopes = t.number(
    order.map((axis) => wide[axis] as number),
    transpose(data, wide, order),
  );
  t.bind(operator, t.add("PRelu", [t.name(input), slopes]));
}

function softmax(t: Translation, operator: TfliteOperator): void {
  const [input] = operator.inputs as [number];
  const beta = operator.options?.f32(0, 1) ?? 1;
  const scaled = beta === 1 ? t.name(input) : t.add("Mul", [t.name(input), t.number([], [beta])]);
  t.bind(operator, t.add("Softmax", [scaled], { axis: t.axis(input, -1) }));
}

function permute(t: Translation, operator: TfliteOperator): void {
  const [input, order] = operator.inputs as [number, number];
  const perm = t.ints(order, "order of axes");
  t.bind(operator, t.fromOrder(t.add("Transpose", [t.inOrder(input)], { perm }), perm.length));
}

function split(t: Translation, operator: TfliteOperator): void {
  const [axis, input] = operator.inputs as [number, number];
  const place = t.axis(input, t.ints(axis, "axis")[0] ?? 0);
  const parts = operator.outputs.length;
  const length = (t.shape(input)[place] as number) / parts;
  operator.outputs.forEach((_, part) => {
    const ends = [[part * length], [(part + 1) * length], [place]].map((list) => t.number([1], list, true));
    t.bind(operator, t.add("Slice", [t.name(input), ...ends]), part);
  });
}

function slice(t: Translation, operator: TfliteOperator): void {
  const [input, begin, size] = operator.inputs as [number, number, number];
  const [starts, sizes] = [t.ints(begin, "begin"), t.ints(size, "size")];
  const axes = starts.map((_, axis) => t.axis(input, axis));
  const ends = starts.map((start, i) => (sizes[i] === -1 ? 2 ** 31 : start + (sizes[i] as number)));
  const lists = [starts, ends, axes].map((list) => t.number([list.length], list, true));
  t.bind(operator, t.add("Slice", [t.name(input), ...lists]));
}

/** begin_mask and end_mask say where the whole axis is meant; other masks change the rank and are refused. */
function stridedSlice(t: Translation, operator: TfliteOperator): void {
  const [input, begin, end, step] = operator.inputs as [number, number, number, number];
  const { options } = operator;
  const [beginMask = 0, endMask = 0, ...others] = [0, 1, 2, 3, 4].map((field) => options?.i32(field) ?? 0);
  if (others.some((mask) => mask !== 0)) throw t.refuse("is a strided slice with an ellipsis, a new axis or an axis less");
  const steps = t.ints(step, "strides");
  const starts = t.ints(begin, "begin").map((start, axis) => ((beginMask >> axis) & 1 ? 0 : start));
  const ends = t.ints(end, "end").map((last, axis) => ((endMask >> axis) & 1 ? 2 ** 31 : last));
  if (steps.some((each) => each < 1)) throw t.refuse("is a strided slice that runs backwards");
  const axes = starts.map((_, axis) => t.axis(input, axis));
  const lists = [starts, ends, axes, steps].map((list) => t.number([list.length], list, true));
  t.bind(operator, t.add("Slice", [t.name(input), ...lists]));
}

const same: Translate = (t, operator) => t.bind(operator, t.name(operator.inputs[0] as number));

export const OPERATORS: Readonly<Record<string, Translate>> = {
  0: two("Add"),
  1: pool("AveragePool"),
  2: concatenation,
  3: (t, operator) => conv(t, operator, false),
  4: (t, operator) => conv(t, operator, true),
  6: same, // DEQUANTIZE: values are reals already
  9: fullyConnected,
  14: one("Sigmoid"),
  17: pool("MaxPool"),
  18: two("Mul"),
  19: one("Relu"),
  20: (t, operator) => t.bind(operator, t.activate(t.name(operator.inputs[0] as number), 2)),
  21: (t, operator) => t.bind(operator, t.activate(t.name(operator.inputs[0] as number), 3)),
  22: reshape,
  25: softmax,
  28: one("Tanh"),
  34: pad,
  39: permute,
  40: reduce("ReduceMean"),
  41: two("Sub"),
  42: two("Div"),
  43: reshape, // SQUEEZE
  45: stridedSlice,
  47: one("Exp"),
  49: split,
  54: prelu,
  55: two("Max"),
  57: two("Min"),
  59: one("Neg"),
  60: pad, // PADV2
  65: slice,
  70: reshape, // EXPAND_DIMS
  73: one("Log"),
  74: reduce("ReduceSum"),
  75: one("Sqrt"),
  82: reduce("ReduceMax"),
  98: (t, operator) =>
    t.bind(operator, t.add("LeakyRelu", [t.name(operator.inputs[0] as number)], { alpha: { float: operator.options?.f32(0) ?? 0 } })),
  101: one("Abs"),
  111: one("Elu"),
  114: same, // QUANTIZE: cut off at what the type holds
  117: one("HardSwish"),
  ...LARQ,
};
